import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, createTopic, deleteTopic, listTopics, type NewTopic } from '@/api/client';
import { type ClusterPath, clusterKey } from '@/features/clusters';

const topicsKey = (path: ClusterPath) => [...clusterKey(path), 'topics'] as const;

export const topicsQuery = (path: ClusterPath) =>
  infiniteQueryOptions({
    queryKey: topicsKey(path),
    queryFn: ({ pageParam }) =>
      answer(listTopics({ path, query: pageParam === null ? {} : { page_token: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
  });

export interface TopicDraft {
  name: string;
  partitions: number;
  /** In milliseconds, or `default`. */
  retention: string;
}

function requestOf({ name, partitions, retention }: TopicDraft): NewTopic {
  return { name, partitions, configs: retention === 'default' ? {} : { 'retention.ms': retention } };
}

export function useCreateTopic(path: ClusterPath) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (draft: TopicDraft) => answer(createTopic({ path, body: requestOf(draft) })),
    onSuccess: () => cache.invalidateQueries({ queryKey: topicsKey(path) }),
  });
}

export function useDeleteTopic(path: ClusterPath) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (topic: string) => answer(deleteTopic({ path: { ...path, topic } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: topicsKey(path) }),
  });
}
