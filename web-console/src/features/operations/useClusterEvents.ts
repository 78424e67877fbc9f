import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ClusterEvent } from '@/api/client';
import { clusterKey } from '@/features/clusters';
import { applyEvent } from './applyEvent';

const TYPES = ['operation.updated', 'operation.log', 'cluster.updated', 'cluster.deleted'] as const;
const FIRST_DELAY = 2_000;
const LONGEST_DELAY = 60_000;

export type StreamState = 'connecting' | 'open' | 'deleted';

/**
 * Streams a cluster's events into the query cache for as long as the page shows it. The browser reconnects a broken
 * stream itself, with Last-Event-ID; one that was refused is opened anew with back-off, and what was missed is read
 * again. The queries poll by themselves, so nothing depends on the stream but speed.
 */
export function useClusterEvents({ project, cluster }: { project: string; cluster: string }): StreamState {
  const cache = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');

  useEffect(() => {
    const path = { project, cluster };
    let source: EventSource;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let delay = FIRST_DELAY;
    let wasOpen = false;

    const open = () => {
      source = new EventSource(
        `/api/v1/projects/${encodeURIComponent(project)}/clusters/${encodeURIComponent(cluster)}/events`,
      );
      source.addEventListener('open', () => {
        // A new stream starts from now: whatever happened between the last read and now is read again.
        if (!wasOpen) cache.invalidateQueries({ queryKey: clusterKey(path) });
        wasOpen = true;
        delay = FIRST_DELAY;
        setState('open');
      });
      source.addEventListener('error', () => {
        setState('connecting');
        if (source.readyState !== EventSource.CLOSED) return;
        wasOpen = false;
        retry = setTimeout(open, delay);
        delay = Math.min(delay * 2, LONGEST_DELAY);
      });
      for (const type of TYPES) {
        source.addEventListener(type, (message: MessageEvent<string>) => {
          applyEvent(cache, path, JSON.parse(message.data) as ClusterEvent);
          if (type === 'cluster.deleted') {
            source.close();
            setState('deleted');
          }
        });
      }
    };
    open();
    return () => {
      clearTimeout(retry);
      source.close();
    };
  }, [project, cluster, cache]);

  return state;
}
