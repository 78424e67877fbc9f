import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ClusterEvent } from '@/api/client';
import { applyEvent } from './applyEvent';
import { logsKey } from './queries';

const TYPES = ['operation.updated', 'operation.log', 'cluster.updated', 'cluster.deleted'] as const;
const FIRST_DELAY = 2_000;
const LONGEST_DELAY = 60_000;

export type StreamState = 'connecting' | 'open' | 'deleted';

/**
 * Streams a cluster's events into the query cache, from the first that is kept on, for as long as the page shows a
 * cluster that is known: what happened before it was read is then told apart. The browser reconnects a broken stream
 * itself, with Last-Event-ID; one that was refused is opened anew with back-off, after the last event that came. The
 * queries poll by themselves, so nothing but the log depends on the stream.
 */
export function useClusterEvents(
  { project, cluster }: { project: string; cluster: string },
  known: boolean,
): StreamState {
  const cache = useQueryClient();
  const [state, setState] = useState<StreamState>('connecting');

  useEffect(() => {
    if (!known) return;
    const path = { project, cluster };
    const url = `/api/v1/projects/${encodeURIComponent(project)}/clusters/${encodeURIComponent(cluster)}/events`;
    let source: EventSource;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let delay = FIRST_DELAY;
    let last = 0;
    // No query could read it again: it lives as long as its stream.
    cache.setQueryDefaults(logsKey(path), { gcTime: Number.POSITIVE_INFINITY });

    const open = () => {
      source = new EventSource(`${url}?last_event_id=${last}`);
      source.addEventListener('open', () => {
        delay = FIRST_DELAY;
        setState('open');
      });
      source.addEventListener('error', () => {
        setState('connecting');
        if (source.readyState !== EventSource.CLOSED) return;
        retry = setTimeout(open, delay);
        delay = Math.min(delay * 2, LONGEST_DELAY);
      });
      for (const type of TYPES) {
        source.addEventListener(type, (message: MessageEvent<string>) => {
          const event = JSON.parse(message.data) as ClusterEvent;
          last = event.sequence;
          applyEvent(cache, path, event);
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
      setState('connecting');
      cache.removeQueries({ queryKey: logsKey(path) });
    };
  }, [project, cluster, known, cache]);

  return state;
}
