import { randomUUID } from 'node:crypto';
import type { Answer, Flow, Http, Problem } from '../support/http';
import { waitFor } from '../support/wait';

/** Answers that say "later": the engine is away, or an earlier try of this request may still be going on. */
function isLater({ status, body }: Answer<unknown>): boolean {
  return status === 503 || (status === 409 && ((body as Problem | undefined)?.type.endsWith('/request-in-progress') ?? false));
}

/** Posts as a patient page does: with the same key, until an answer comes that is not "later". */
export function patiently<Body = Flow>(http: Http, path: string, body: unknown, key: string = randomUUID()): Promise<Answer<Body>> {
  return waitFor(
    async () => {
      const answer = await http.post<Body>(path, body, { 'idempotency-key': key });
      return isLater(answer) ? undefined : answer;
    },
    { what: `an answer to ${path}`, timeoutMs: 90_000, everyMs: 250 },
  );
}
