import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, answerWithHeaders, getCluster, listClusters, listNodes } from '@/api/client';

export interface ClusterPath {
  project: string;
  cluster: string;
}

/** Everything that is read of one cluster lies below this key. */
export const clusterKey = ({ project, cluster }: ClusterPath) =>
  ['projects', project, 'clusters', cluster] as const;

export const clustersQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['projects', project, 'clusters', 'list'],
    queryFn: ({ pageParam }) =>
      answer(listClusters({ path: { project }, query: pageParam === null ? {} : { page_token: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some((cluster) => cluster.operation_id !== null))
        ? 3_000
        : 30_000,
  });

/** A cluster with its ETag, which a deletion must name. */
export const clusterQuery = (path: ClusterPath) =>
  queryOptions({
    queryKey: [...clusterKey(path), 'cluster'],
    queryFn: async () => {
      const { data, headers } = await answerWithHeaders(getCluster({ path }));
      return { cluster: data, etag: headers.get('ETag') ?? `"g${data.generation}"` };
    },
  });

export const nodesQuery = (path: ClusterPath) =>
  queryOptions({
    queryKey: [...clusterKey(path), 'nodes'],
    queryFn: () => answer(listNodes({ path })),
    refetchInterval: 10_000,
  });
