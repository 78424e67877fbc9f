import { useSuspenseQuery } from '@tanstack/react-query';
import { meQuery } from './queries';

/** The project named in the URL, with the caller's role in it. Pages below the shell only. */
export function useProject(name: string) {
  const { data } = useSuspenseQuery(meQuery());
  const project = data.projects.find((candidate) => candidate.name === name || candidate.id === name);
  return project ?? { id: name, name, role: 'viewer' as const };
}
