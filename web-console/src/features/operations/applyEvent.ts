import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Cluster, ClusterEvent, Operation, OperationList } from '@/api/client';
import { type ClusterPath, clusterKey, clusterQuery } from '@/features/clusters';
import { hasEnded, logKey, operationKey, operationsKey } from './queries';

const LINES_KEPT = 5_000;

function done(operation: Operation) {
  return operation.steps.filter((step) => step.state === 'SUCCEEDED').length;
}

/** A stream tells again what a query has already overtaken: an operation never goes back. */
export function newer(known: Operation, next: Operation) {
  if (hasEnded(known) && !hasEnded(next)) return known;
  return done(next) < done(known) && !hasEnded(next) ? known : next;
}

function withOperation(list: InfiniteData<OperationList> | undefined, operation: Operation) {
  const [first, ...rest] = list?.pages ?? [];
  if (!list || !first) return list;
  const known = list.pages.some((page) => page.items.some(({ id }) => id === operation.id));
  if (!known) {
    const newest = first.items[0];
    // An older one stands on a page that nobody has asked for yet.
    if (newest && newest.created_at > operation.created_at) return list;
    return { ...list, pages: [{ ...first, items: [operation, ...first.items] }, ...rest] };
  }
  return {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      items: page.items.map((item) => (item.id === operation.id ? newer(item, operation) : item)),
    })),
  };
}

/** Whether the cluster was not known to be so. */
function updateCluster(cache: QueryClient, path: ClusterPath, cluster: Cluster | undefined) {
  const { queryKey } = clusterQuery(path);
  const known = cache.getQueryData(queryKey);
  if (!cluster || (known && known.cluster.updated_at >= cluster.updated_at)) return false;
  cache.setQueryData(queryKey, { cluster, etag: `"g${cluster.generation}"` });
  return true;
}

/**
 * Brings one event of a cluster's stream into the cache that all pages read. The stream begins with what is long past:
 * that changes nothing that was read since, and fills nothing that is still being read.
 */
export function applyEvent(cache: QueryClient, path: ClusterPath, event: ClusterEvent) {
  const { operation, cluster } = event;
  switch (event.type) {
    case 'operation.updated':
      if (!operation) return;
      cache.setQueryData<Operation>(
        operationKey(path, operation.id),
        (known) => known && newer(known, operation),
      );
      cache.setQueryData<InfiniteData<OperationList>>(operationsKey(path), (list) =>
        withOperation(list, operation),
      );
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
      // The rest of what is shown may have changed with it; the end of an operation always brings one.
      if (updateCluster(cache, path, cluster)) cache.invalidateQueries({ queryKey: clusterKey(path) });
      return;
    case 'cluster.deleted':
      updateCluster(cache, path, cluster);
      cache.invalidateQueries({ queryKey: ['projects', path.project, 'clusters', 'list'] });
  }
}
