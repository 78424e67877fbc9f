import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { TopicsSearch } from '@/features/topics';
import { rootRoute } from './root';

/** All pages of one cluster; it holds the cluster's event stream while any of them is shown. */
export const clusterRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/projects/$project/clusters/$cluster',
  component: lazyRouteComponent(() => import('./pages/cluster')),
});

export const clusterIndexRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/projects/$project/clusters/$cluster/overview', params, replace: true });
  },
});

export const overviewRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'overview',
  component: lazyRouteComponent(() => import('./pages/overview')),
});

export const connectRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'connect',
  component: lazyRouteComponent(() => import('./pages/connect')),
});

export const topicsRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'topics',
  validateSearch: (search): Partial<TopicsSearch> => ({
    ...(typeof search.filter === 'string' && search.filter !== '' ? { filter: search.filter } : {}),
    ...(search.create === true ? { create: true } : {}),
  }),
  component: lazyRouteComponent(() => import('./pages/topics')),
});

export const usersRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'users',
  component: lazyRouteComponent(() => import('./pages/users')),
});

export const operationsRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'operations',
  component: lazyRouteComponent(() => import('./pages/operations')),
});

export const operationRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'operations/$operation',
  component: lazyRouteComponent(() => import('./pages/operation')),
});

export const settingsRoute = createRoute({
  getParentRoute: () => clusterRoute,
  path: 'settings',
  component: lazyRouteComponent(() => import('./pages/settings')),
});

export const clusterRoutes = clusterRoute.addChildren([
  clusterIndexRoute,
  overviewRoute,
  connectRoute,
  topicsRoute,
  usersRoute,
  operationsRoute,
  operationRoute,
  settingsRoute,
]);
