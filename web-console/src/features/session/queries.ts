import { queryOptions } from '@tanstack/react-query';
import { answer, getMe, type Role } from '@/api/client';

export const meQuery = () =>
  queryOptions({ queryKey: ['me'], queryFn: () => answer(getMe()), staleTime: 5 * 60_000 });

/** What may be done is decided by the server; the console only does not offer what is sure to be refused. */
export const mayOperate = (role: Role) => role === 'operator' || role === 'owner';
export const mayDevelop = (role: Role) => role !== 'viewer';
