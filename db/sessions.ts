import type { Knex } from 'knex';
import type { Application } from '../domain/password-reset';
import { sessionBounds, type Assurance } from '../domain/sign-in';
import type { ProfileRow } from './users';

export interface SessionRow {
  id: string;
  digest: string;
  user_id: string;
  /** The one that its person went to last. */
  application: Application;
  assurance: Assurance;
  flow_id: string;
  created_at: number;
  last_seen_at: number;
  idle_ms: number;
  expires_at: number;
  ended_at: number | null;
  ended_why: string | null;
}

export type SessionEnd = 'signed-out' | 'ended-by-owner' | 'replaced' | 'password-reset' | 'password-changed' | 'disabled' | 'role-changed' | 'second-step-reset';

/** A session is seen at most so often: what it is used for reads, and seldom writes. */
const SEEN_EVERY_MS = 60_000;

/** How long a profile lets sessions live, within the bounds no profile can exceed. */
export function sessionTimes(profile: Pick<ProfileRow, 'session_idle_ms' | 'session_absolute_ms'>): { idleMs: number; absoluteMs: number } {
  return { idleMs: Math.min(profile.session_idle_ms, sessionBounds.idleMs), absoluteMs: Math.min(profile.session_absolute_ms, sessionBounds.absoluteMs) };
}

export async function insertSession(tx: Knex, session: Omit<SessionRow, 'ended_at' | 'ended_why'>): Promise<void> {
  await tx('sessions').insert(session);
}

/** When a session ends if it is not used any more. */
export function idleUntil(session: Pick<SessionRow, 'last_seen_at' | 'idle_ms' | 'expires_at'>): number {
  return Math.min(session.last_seen_at + session.idle_ms, session.expires_at);
}

function live(db: Knex, now: number): Knex.QueryBuilder {
  return db('sessions').whereNull('ended_at').where('expires_at', '>', now).whereRaw('last_seen_at + idle_ms > ?', [now]);
}

/** The session of a token's digest, where it has neither ended nor run out. */
export async function liveSession(db: Knex, digest: string, now: number): Promise<SessionRow | undefined> {
  return live(db, now).where({ digest }).first<SessionRow | undefined>();
}

export async function sessionOfFlow(db: Knex, flowId: string): Promise<SessionRow | undefined> {
  return db<SessionRow>('sessions').where({ flow_id: flowId }).first();
}

/** Notes that a session is used. Returns when it was last seen, as the row now says. */
export async function touchSession(db: Knex, session: SessionRow, now: number): Promise<number> {
  if (now - session.last_seen_at < SEEN_EVERY_MS) return session.last_seen_at;
  await db('sessions').where({ id: session.id }).whereNull('ended_at').where('last_seen_at', '<', now).update({ last_seen_at: now });
  return now;
}

/** A person's live sessions, the newest first. */
export async function liveSessionsOf(db: Knex, userId: string, now: number): Promise<SessionRow[]> {
  return live(db, now).where({ user_id: userId }).orderBy('created_at', 'desc').select<SessionRow[]>('*');
}

/** Notes the application that a session is in now. Returns whether it is still live. */
export async function moveSession(tx: Knex, session: Pick<SessionRow, 'id'>, application: Application): Promise<boolean> {
  return (await tx('sessions').where({ id: session.id }).whereNull('ended_at').update({ application })) === 1;
}

/** Ends one of a person's sessions. Returns whether there was one. */
export async function endSession(tx: Knex, session: { id: string; user_id: string }, at: number, why: SessionEnd): Promise<boolean> {
  return (await tx('sessions').where({ id: session.id, user_id: session.user_id }).whereNull('ended_at').update({ ended_at: at, ended_why: why })) === 1;
}

/** Ends every session of a person. Returns how many there were. */
export async function endSessions(tx: Knex, userId: string, at: number, why: SessionEnd): Promise<number> {
  return tx('sessions').where({ user_id: userId }).whereNull('ended_at').update({ ended_at: at, ended_why: why });
}
