import type { Request } from 'express';
import type { Knex } from 'knex';
import { liveSession, touchSession, type SessionRow } from '../../db/sessions';
import { findUser, type UserRow } from '../../db/users';
import { randomValueDigest } from '../../security/digests';
import { sessionTokenOf } from '../cookies';

/** Who asks: an operator by a bearer token, somebody signed in by a cookie, or nobody who is known. */
export type Caller =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'session'; readonly session: SessionRow; readonly user: UserRow };

const ANONYMOUS: Caller = { kind: 'anonymous' };

/** Whether a request carries an operator's token: one whose digest is known and that has not ended. */
export async function isOperator(db: Knex, now: number, req: Request): Promise<boolean> {
  const [, token] = /^Bearer ([\w-]{20,200})$/.exec(req.get('Authorization') ?? '') ?? [];
  if (!token) return false;
  return (await db('operator_tokens').where({ digest: randomValueDigest(token) }).where('expires_at', '>', now).first('digest')) !== undefined;
}

/** Finds out who asks. A header that names somebody is believed or not: a cookie beside a wrong token counts for nothing. */
export async function resolveCaller(db: Knex, now: number, req: Request): Promise<Caller> {
  if (req.get('Authorization') !== undefined) return (await isOperator(db, now, req)) ? { kind: 'operator' } : ANONYMOUS;
  const token = sessionTokenOf(req);
  const session = token === undefined ? undefined : await liveSession(db, randomValueDigest(token), now);
  const user = session && (await findUser(db, session.user_id));
  if (!session || user?.status !== 'active') return ANONYMOUS;
  return { kind: 'session', session: { ...session, last_seen_at: await touchSession(db, session, now) }, user };
}
