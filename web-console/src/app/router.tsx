import type { QueryClient } from '@tanstack/react-query';
import { createRouter as create, type RouterHistory } from '@tanstack/react-router';
import { clustersRoute } from '@/routes/clusters';
import { indexRoute, rootRoute } from '@/routes/root';

const routeTree = rootRoute.addChildren([indexRoute, clustersRoute]);

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
