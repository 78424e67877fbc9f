import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { rootRoute } from './root';

export const createClusterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$project/clusters/new',
  component: lazyRouteComponent(() => import('./pages/create')),
});
