import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiError, answer, createCluster } from '@/api/client';
import { clustersQuery } from '@/features/clusters';
import { type Draft, requestOf } from './draft';

/**
 * Creates the cluster and goes to it. The key stays the same while no answer has come, so that a lost answer and a
 * second press make one cluster; a refusal ends it, as the next request will be another.
 */
export function useCreateCluster(project: string, onRefused: (error: ApiError) => void) {
  const [idempotencyKey, setIdempotencyKey] = useState(() => newKey());
  const cache = useQueryClient();
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: (draft: Draft) =>
      answer(
        createCluster({
          path: { project },
          body: requestOf(draft),
          headers: { 'Idempotency-Key': idempotencyKey },
        }),
      ),
    onSuccess: async (operation) => {
      await cache.invalidateQueries({ queryKey: clustersQuery(project).queryKey });
      await navigate({
        to: '/projects/$project/clusters/$cluster/overview',
        params: { project, cluster: operation.target.cluster_id },
      });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.status !== 0) {
        setIdempotencyKey(newKey());
        onRefused(error);
      }
    },
  });
  return { ...mutation, idempotencyKey };
}

/** crypto.randomUUID exists in secure contexts only, and a console may be served over plain HTTP. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
