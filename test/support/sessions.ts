import { randomUUID } from 'node:crypto';
import { SESSION_COOKIE } from '../../api/cookies';
import { insertSession, type SessionRow } from '../../db/sessions';
import { randomValueDigest } from '../../security/digests';
import { newOperatorToken } from '../../security/secrets';
import type { Http } from './http';
import type { Instance } from './instance';
import { inDatabaseOf } from './instance-database';

/** A session's row as a test needs it, live unless `more` says otherwise. */
export function someSession(userId: string, more: Partial<SessionRow> = {}): SessionRow {
  const id = randomUUID();
  return {
    id, digest: `of ${id}`, user_id: userId, application: 'personal-portal', assurance: 'two-step', flow_id: `made ${id}`,
    created_at: 0, last_seen_at: 0, idle_ms: 3_600_000, expires_at: 86_400_000, ended_at: null, ended_why: null, ...more,
  };
}

/** The browser of somebody who is signed in, without the steps to it: for what a session opens. */
export async function browserOfUser(instance: Instance, http: Http, email: string): Promise<Http> {
  const token = newOperatorToken();
  await inDatabaseOf(instance, async (db) => {
    const { id } = await db('users').where({ email }).first<{ id: string }>('id');
    const now = Date.now();
    const { ended_at: _at, ended_why: _why, ...session } = someSession(id, { digest: randomValueDigest(token), created_at: now, last_seen_at: now, expires_at: now + 86_400_000 });
    await insertSession(db, session);
  });
  return http.with({ cookie: `${SESSION_COOKIE}=${token}` });
}
