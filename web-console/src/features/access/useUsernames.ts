import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { answer, listCredentials } from '@/api/client';
import { type ClusterPath, clusterKey } from '@/features/clusters';
import { principalsQuery } from './queries';

/** Usernames that snippets may offer: of the first page of users, which is enough to choose from. */
export function useUsernames(path: ClusterPath) {
  const principals = useInfiniteQuery(principalsQuery(path));
  const names = principals.data?.pages[0]?.items.slice(0, 10).map(({ name }) => name) ?? [];
  return useQueries({
    queries: names.map((principal) => ({
      queryKey: [...clusterKey(path), 'principals', principal, 'usernames'],
      queryFn: () => answer(listCredentials({ path: { ...path, principal } })),
    })),
    combine: (results) => results.flatMap(({ data }) => data?.items.map(({ username }) => username) ?? []),
  });
}
