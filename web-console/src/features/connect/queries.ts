import { queryOptions } from '@tanstack/react-query';
import { answer, getEndpoints } from '@/api/client';
import { type ClusterPath, clusterKey } from '@/features/clusters';

export const endpointsQuery = (path: ClusterPath) =>
  queryOptions({
    queryKey: [...clusterKey(path), 'endpoints'],
    queryFn: () => answer(getEndpoints({ path })),
    staleTime: 60_000,
  });
