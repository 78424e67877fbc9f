import { Center, Loader } from '@mantine/core';
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router';
import { SessionEnded } from '@/api/session';
import { NotFound, PageError } from '@/app/errors';
import { Shell } from '@/app/Shell';
import { meQuery } from '@/features/session';

/** Nothing is shown, and no stream opened (EventSource hides status codes), before the session is proved. */
export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  beforeLoad: async ({ context }) => {
    try {
      return { me: await context.queries.ensureQueryData(meQuery()) };
    } catch (error) {
      if (error instanceof SessionEnded) return new Promise<never>(() => undefined);
      throw error;
    }
  },
  component: Shell,
  pendingComponent: Waiting,
  pendingMs: 300,
  errorComponent: PageError,
  notFoundComponent: NotFound,
});

export const indexRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: ({ context }) => {
    const project = context.me.projects[0]?.name;
    if (project) throw redirect({ to: '/projects/$project/clusters', params: { project }, replace: true });
  },
  component: NotFound,
});

function Waiting() {
  return (
    <Center mih="100vh">
      <Loader aria-label="Signing in" />
    </Center>
  );
}
