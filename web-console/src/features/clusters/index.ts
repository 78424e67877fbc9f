export { ClusterCrumb } from './ClusterCrumb';
export { ClustersPage } from './ClustersPage';
export { plansQuery, versionsQuery } from './catalog';
export { HealthBadge, healthLabel, healthTone, isolationOf, StateBadge, stateLabel } from './presentation';
export { type ClusterPath, clusterKey, clusterQuery, clustersQuery, nodesQuery } from './queries';
