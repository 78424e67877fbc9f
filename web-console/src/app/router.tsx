import type { QueryClient } from '@tanstack/react-query';
import { createRouter as create, type RouterHistory } from '@tanstack/react-router';
import { clusterRoutes } from '@/routes/cluster';
import { clustersRoute } from '@/routes/clusters';
import { createClusterRoute } from '@/routes/create';
import { indexRoute, rootRoute } from '@/routes/root';

const routeTree = rootRoute.addChildren([indexRoute, clustersRoute, createClusterRoute, clusterRoutes]);

export function createRouter(queries: QueryClient, history?: RouterHistory) {
  return create({
    routeTree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    ...(history ? { history } : {}),
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createRouter>;
  }
}
