import type { NewCluster } from '@/api/client';
import { clusterNameError } from '@/lib/names';

export interface Draft {
  name: string;
  plan: string;
  version: string;
  brokers: number;
  zookeeper_nodes: 1 | 3;
}

export const fields = ['name', 'plan', 'version', 'brokers', 'zookeeper_nodes'] as const;

/** As the service chooses when it is not told: three from three brokers on. */
export const zookeeperDefault = (brokers: number): 1 | 3 => (brokers >= 3 ? 3 : 1);

/** As brokers keep partitions when they are not told. */
export const replicasDefault = (brokers: number) => Math.min(3, brokers);

export function brokersError(brokers: unknown, most: number) {
  if (typeof brokers !== 'number' || !Number.isInteger(brokers)) return 'Give a whole number of brokers';
  if (brokers < 1) return 'At least one broker';
  return brokers > most ? `At most ${most} brokers in this plan` : null;
}

export const draftErrors = (mostBrokers: number) => ({
  name: clusterNameError,
  brokers: (brokers: unknown) => brokersError(brokers, mostBrokers),
});

export function requestOf(draft: Draft): NewCluster {
  return {
    name: draft.name,
    plan: draft.plan,
    brokers: draft.brokers,
    zookeeper_nodes: draft.zookeeper_nodes,
    version: draft.version,
  };
}

/** The same request for a terminal; single quotes cannot occur in the body, as no field allows them. */
export function curlOf(origin: string, project: string, draft: Draft, idempotencyKey: string) {
  return [
    `curl -X POST ${origin}/api/v1/projects/${project}/clusters \\`,
    `  -H "Authorization: Bearer $TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H 'Idempotency-Key: ${idempotencyKey}' \\`,
    `  -d '${JSON.stringify(requestOf(draft))}'`,
  ].join('\n');
}
