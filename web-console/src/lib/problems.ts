import { ApiError } from '@/api/client';

/** The field's name of a JSON pointer: "/zookeeper_nodes" → "zookeeper_nodes". */
const field = (pointer: string) => pointer.replace(/^\//, '').split('/')[0] ?? '';

export interface FormProblem {
  /** Messages of fields that the form shows. */
  fields: Record<string, string>;
  /** What remains to be said above the form, or null. */
  message: string | null;
}

/** Divides a problem between the fields it points at and the form as a whole. */
export function formProblem(error: unknown, shown: readonly string[]): FormProblem {
  if (!(error instanceof ApiError)) {
    return { fields: {}, message: error instanceof Error ? error.message : 'Something went wrong' };
  }
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const { pointer, detail } of error.problem.errors) {
    const name = field(pointer);
    if (shown.includes(name)) fields[name] ??= detail;
    else others.push(pointer ? `${pointer}: ${detail}` : detail);
  }
  if (others.length > 0) return { fields, message: others.join('. ') };
  return { fields, message: Object.keys(fields).length > 0 ? null : error.message };
}
