import type { ProblemSlug } from '../problems';
import type { z } from './zod';

/**
 * Who may call an operation. `holder`: whoever has the flow's id. `signed-in`: anybody with a session. `administrator`:
 * of their own account, by a session, and operators. `owner`: the person whose it is, and those. `operator`: by a bearer token, or a session of that role.
 */
export type Who = 'anyone' | 'holder' | 'signed-in' | 'owner' | 'administrator' | 'operator';

/** One operation of the API: who may call it, what it takes and answers, and why it refuses. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly summary: string;
  readonly who: Who;
  readonly query?: z.ZodObject;
  /** JSON where no other type is said. Of another type no repeat is known. */
  readonly body?: { readonly schema: z.ZodType; readonly example: unknown; readonly type?: 'text/csv' };
  readonly answers: readonly Answer[];
  readonly refused: readonly ProblemSlug[];
}

/** One way an operation succeeds. Without a schema there is nothing to read. */
export interface Answer {
  readonly status: number;
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  readonly headers?: z.ZodObject;
  readonly type?: 'text/event-stream';
}

/** An operation's only answer. */
export function one(schema: z.ZodType, example: unknown, description: string, status = 200): Answer[] {
  return [{ status, description, schema, example }];
}

/** An answer without a body. */
export function nothing(description: string): Answer[] {
  return [{ status: 204, description }];
}
