import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Cluster, ClusterEvent, Operation, OperationList } from '@/api/client';
import { type ClusterPath, clusterKey, clusterQuery } from '@/features/clusters';
import { hasEnded, logKey, operationKey, operationsKey } from './queries';

const LINES_KEPT = 500;

function done(operation: Operation) {
  return operation.steps.filter((step) => step.state === 'SUCCEEDED').length;
}

/** A stream that resumes may repeat what a query has already overtaken: an operation never goes back. */
export function newer(known: Operation | undefined, next: Operation) {
  if (!known) return next;
  if (hasEnded(known) && !hasEnded(next)) return known;
  return done(next) < done(known) && !hasEnded(next) ? known : next;
}

function withOperation(list: InfiniteData<OperationList> | undefined, operation: Operation) {
  const [first, ...rest] = list?.pages ?? [];
  if (!list || !first) return list;
  const known = list.pages.some((page) => page.items.some(({ id }) => id === operation.id));
  if (!known) return { ...list, pages: [{ ...first, items: [operation, ...first.items] }, ...rest] };
  return {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === operation.id ? newer(item, operation) : item)),
    })),
  };
}

function withCluster(known: { cluster: Cluster; etag: string } | undefined, cluster: Cluster) {
  if (known && known.cluster.updated_at > cluster.updated_at) return known;
  return { cluster, etag: `"g${cluster.generation}"` };
}

/** Brings one event of a cluster's stream into the cache that all pages read. */
export function applyEvent(cache: QueryClient, path: ClusterPath, event: ClusterEvent) {
  const { operation, cluster } = event;
  switch (event.type) {
    case 'operation.updated':
      if (!operation) return;
      cache.setQueryData<Operation>(operationKey(path, operation.id), (known) => newer(known, operation));
      cache.setQueryData<InfiniteData<OperationList>>(operationsKey(path), (list) =>
        withOperation(list, operation),
      );
      if (hasEnded(operation)) cache.invalidateQueries({ queryKey: clusterKey(path) });
      return;
    case 'operation.log': {
      const { operation_id: id, line } = event;
      if (!id || line === undefined) return;
      cache.setQueryData<readonly string[]>(logKey(path, id), (lines = []) =>
        [...lines, line].slice(-LINES_KEPT),
      );
      return;
    }
    case 'cluster.updated':
      if (cluster) {
        cache.setQueryData(clusterQuery(path).queryKey, (known) => withCluster(known, cluster));
        cache.invalidateQueries({ queryKey: [...clusterKey(path), 'nodes'] });
      }
      return;
    case 'cluster.deleted':
      if (cluster) cache.setQueryData(clusterQuery(path).queryKey, (known) => withCluster(known, cluster));
      cache.invalidateQueries({ queryKey: ['projects', path.project, 'clusters', 'list'] });
  }
}
