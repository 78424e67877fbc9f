import { queryOptions } from '@tanstack/react-query';
import { answer, listPlans, listVersions } from '@/api/client';

const RARELY_CHANGES = 5 * 60_000;

export const plansQuery = () =>
  queryOptions({ queryKey: ['plans'], queryFn: () => answer(listPlans()), staleTime: RARELY_CHANGES });

export const versionsQuery = () =>
  queryOptions({ queryKey: ['versions'], queryFn: () => answer(listVersions()), staleTime: RARELY_CHANGES });
