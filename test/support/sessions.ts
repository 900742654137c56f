import { randomUUID } from 'node:crypto';
import type { SessionRow } from '../../db/sessions';

/** A session's row as a test needs it, live unless `more` says otherwise. */
export function someSession(userId: string, more: Partial<SessionRow> = {}): SessionRow {
  const id = randomUUID();
  return {
    id, digest: `of ${id}`, user_id: userId, application: 'personal-portal', assurance: 'two-step', flow_id: `made ${id}`,
    created_at: 0, last_seen_at: 0, idle_ms: 3_600_000, expires_at: 86_400_000, ended_at: null, ended_why: null, ...more,
  };
}
