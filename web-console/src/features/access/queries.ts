import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query';
import {
  answer,
  createCredential,
  deleteCredential,
  listCredentials,
  listPrincipals,
  type Preset,
} from '@/api/client';
import { type ClusterPath, clusterKey } from '@/features/clusters';

const principalsKey = (path: ClusterPath) => [...clusterKey(path), 'principals'] as const;

export const principalsQuery = (path: ClusterPath) =>
  infiniteQueryOptions({
    queryKey: [...principalsKey(path), 'list'],
    queryFn: ({ pageParam }) =>
      answer(listPrincipals({ path, query: pageParam === null ? {} : { page_token: pageParam } })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
  });

export const credentialsQuery = (path: ClusterPath, principal: string) =>
  infiniteQueryOptions({
    queryKey: [...principalsKey(path), principal, 'credentials'],
    queryFn: ({ pageParam }) =>
      answer(
        listCredentials({
          path: { ...path, principal },
          query: pageParam === null ? {} : { page_token: pageParam },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_page_token,
  });

export interface CredentialDraft {
  principal: string;
  preset: Preset;
  prefix: string;
}

/** The password is in the answer alone; it lives in this mutation's state until the dialog closes, in no cache. */
export function useCreateCredential(path: ClusterPath) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ principal, preset, prefix }: CredentialDraft) =>
      answer(createCredential({ path: { ...path, principal }, body: { preset, prefix } })),
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: principalsKey(path) }),
  });
}

export function useDeleteCredential(path: ClusterPath) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ principal, credential }: { principal: string; credential: string }) =>
      answer(deleteCredential({ path: { ...path, principal, credential } })),
    onSuccess: () => cache.invalidateQueries({ queryKey: principalsKey(path) }),
  });
}
