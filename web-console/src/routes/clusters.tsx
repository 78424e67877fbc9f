import { createRoute } from '@tanstack/react-router';
import { ClustersPage } from '@/features/clusters';
import { rootRoute } from './root';

export const clustersRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$project/clusters',
  component: function Clusters() {
    return <ClustersPage project={clustersRoute.useParams().project} />;
  },
});
