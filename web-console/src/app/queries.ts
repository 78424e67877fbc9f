import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api/client';

const ATTEMPTS = 3;

/** Only what may answer otherwise the next time is tried again, with back-off up to four seconds. */
export function worthRetrying(failures: number, error: unknown) {
  return failures < ATTEMPTS - 1 && error instanceof ApiError && error.problem.retryable;
}

export function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: worthRetrying,
        retryDelay: (failures) => Math.min(500 * 2 ** failures, 4_000),
      },
      mutations: { retry: false },
    },
  });
}
