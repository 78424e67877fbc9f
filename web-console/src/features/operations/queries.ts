import { infiniteQueryOptions, queryOptions, skipToken } from '@tanstack/react-query';
import { answer, getOperation, listOperations, type Operation } from '@/api/client';
import { type ClusterPath, clusterKey } from '@/features/clusters';

/** While something runs, also without the stream: the stream is the fast way, this one the sure one. */
const RUNNING_INTERVAL = 5_000;
const IDLE_INTERVAL = 60_000;

const ENDED = ['SUCCEEDED', 'FAILED', 'CANCELLED', 'ROLLED_BACK'];
export const hasEnded = (operation: Operation) => ENDED.includes(operation.state);

export const operationsKey = (path: ClusterPath) => [...clusterKey(path), 'operations'] as const;
export const logsKey = (path: ClusterPath) => [...clusterKey(path), 'log'] as const;
export const logKey = (path: ClusterPath, operation: string) => [...logsKey(path), operation] as const;
export const operationKey = (path: ClusterPath, operation: string) =>
  [...clusterKey(path), 'operation', operation] as const;

export const operationsQuery = (path: ClusterPath) =>
  infiniteQueryOptions({
    queryKey: operationsKey(path),
    queryFn: ({ pageParam }) =>
      answer(listOperations({ path, query: pageParam === null ? {} : { page_token: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
    refetchInterval: ({ state }) => {
      const newest = state.data?.pages[0]?.items[0];
      return newest && !hasEnded(newest) ? RUNNING_INTERVAL : IDLE_INTERVAL;
    },
  });

export const operationQuery = (path: ClusterPath, operation: string) =>
  queryOptions({
    queryKey: operationKey(path, operation),
    queryFn: () => answer(getOperation({ path: { project: path.project, operation } })),
    refetchInterval: ({ state }) => (state.data && hasEnded(state.data) ? false : RUNNING_INTERVAL),
  });

/** Lines that the stream brought; nothing else answers them. */
export const logQuery = (path: ClusterPath, operation: string) =>
  queryOptions<readonly string[]>({ queryKey: logKey(path, operation), queryFn: skipToken });
