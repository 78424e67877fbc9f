import { client } from './generated/client.gen';
import type { Problem } from './generated/types.gen';
import { type Session, SessionEnded, session } from './session';

export * from './generated/sdk.gen';
export type * from './generated/types.gen';

/** A problem (RFC 9457) that the API answered, or status 0 when there was no answer. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }

  get status() {
    return this.problem.status;
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

function problemOf(status: number, body: unknown): Problem {
  if (isProblem(body)) return { ...body, errors: body.errors ?? [] };
  const unreachable = status === 0;
  return {
    type: 'about:blank',
    title: unreachable ? 'The control plane cannot be reached' : `The control plane answered ${status}`,
    status,
    detail: unreachable ? 'Clusters keep working. Check the connection, then try again.' : '',
    code: unreachable ? 'unreachable' : 'unexpected_answer',
    errors: [],
    request_id: '',
    retryable: unreachable || status >= 500,
  };
}

/** Answers 499 to scripts whose cookie is gone (instead of a redirect that a script cannot follow), 401 to others. */
const SIGNED_OUT = [401, 499];

export function sessionFetch(current: Session) {
  return async (request: Request) => {
    if (current.ended) throw new SessionEnded();
    // Looked up per call, so that tests can intercept it.
    const response = await globalThis.fetch(request);
    if (SIGNED_OUT.includes(response.status)) {
      current.end(window.location.pathname + window.location.search);
      throw new SessionEnded();
    }
    return response;
  };
}

client.setConfig({
  baseUrl: window.location.origin,
  headers: { 'X-Requested-With': 'JavaScript' },
  fetch: sessionFetch(session) as typeof fetch,
});

interface Outcome<Data> {
  data?: Data;
  error?: unknown;
  response?: Response;
}

/** The answer's body, or the problem as an exception. */
export async function answer<Data>(call: Promise<Outcome<Data>>): Promise<Data> {
  return (await answerWithHeaders<Data>(call)).data;
}

export async function answerWithHeaders<Data>(
  call: Promise<Outcome<Data>>,
): Promise<{ data: Data; headers: Headers }> {
  const { data, error, response } = await call;
  if (error instanceof SessionEnded || session.ended) throw new SessionEnded();
  if (!response?.ok) throw new ApiError(problemOf(response?.status ?? 0, error));
  return { data: data as Data, headers: response.headers };
}
