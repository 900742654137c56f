import type { Request, RequestHandler } from 'express';
import type { Knex } from 'knex';
import { keyedDigest } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { open, seal } from '../../security/sealing';
import { sessionTokenOf } from '../cookies';
import { Problem } from '../problems';
import { resolveCaller } from './caller';

/** No request takes longer: one without an answer after this was cut off. */
const HANDLED_WITHIN_MS = 15_000;
/** In place of a time: what failed here may be repeated at once, by the same body. */
const NOT_HANDLED = 0;
const KEPT_MS = 24 * 60 * 60 * 1000;
const HTTP_SERVER_ERROR = 500;
const LONGEST_KEY = 200;

interface Stored {
  digest: string;
  body_digest: string;
  status: number | null;
  sealed_body: string | null;
  sealed_cookie: string | null;
  created_at: number;
}

const namesSomebody = (req: Request): boolean => req.get('Authorization') !== undefined || sessionTokenOf(req) !== undefined;

/**
 * A POST with an `Idempotency-Key` is carried out once: a repeat gets the first answer, the same key with another body
 * is refused. Scoped to route and caller; keys are hashed and answers sealed, as they may hold a handle.
 */
export function idempotency(deps: { db: Knex; keys: KeyRing; clock: () => number }): RequestHandler {
  const { db, keys, clock } = deps;
  return async (req, res, next) => {
    const key = req.get('Idempotency-Key');
    if (req.method !== 'POST' || key === undefined) return next();
    if (key.length === 0 || key.length > LONGEST_KEY) return next(new Problem('invalid-request', { detail: `An Idempotency-Key has 1 to ${LONGEST_KEY} characters.` }));
    const caller = req.get('Authorization') ?? sessionTokenOf(req) ?? req.ip ?? '';
    const { digest } = keyedDigest(keys, 'idempotency', [req.originalUrl, caller, key], keys.oldest);
    const { digest: bodyDigest } = keyedDigest(keys, 'idempotency', [JSON.stringify(req.body ?? null)], keys.oldest);
    const created = await db('idempotency_keys').insert({ digest, body_digest: bodyDigest, created_at: clock(), expires_at: clock() + KEPT_MS }).onConflict('digest').ignore().returning('digest');
    if (created.length === 0) {
      const stored = await db<Stored>('idempotency_keys').where({ digest }).first();
      if (stored && stored.body_digest !== bodyDigest) return next(new Problem('idempotency-key-reused'));
      if (stored?.status && stored.sealed_body) {
        // Whoever's session or token has ended since is told nothing more: the route refuses them.
        if (namesSomebody(req) && (await resolveCaller(db, clock(), req)).kind === 'anonymous') return next();
        if (stored.sealed_cookie) res.set('Set-Cookie', open(keys, 'seal', stored.sealed_cookie, digest));
        res.status(stored.status).type(stored.status >= 400 ? 'application/problem+json' : 'application/json').send(open(keys, 'seal', stored.sealed_body, digest));
        return;
      }
      if (!stored || stored.created_at > clock() - HANDLED_WITHIN_MS) return next(new Problem('request-in-progress'));
      // It failed, or its process was killed. One repeat goes on; the flow's own Update id keeps it from acting twice.
      const taken = await db('idempotency_keys').where({ digest, created_at: stored.created_at }).update({ created_at: clock() });
      if (taken === 0) return next(new Problem('request-in-progress'));
    }
    const send = res.send.bind(res);
    res.send = (body?: unknown) => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const cookie = res.get('Set-Cookie');
      const keep = res.statusCode < HTTP_SERVER_ERROR
        ? db('idempotency_keys').where({ digest }).update({ status: res.statusCode, sealed_body: seal(keys, 'seal', text, digest), sealed_cookie: cookie === undefined ? null : seal(keys, 'seal', String(cookie), digest) })
        : db('idempotency_keys').where({ digest }).update({ created_at: NOT_HANDLED });
      keep.then(() => send(text), next);
      return res;
    };
    next();
  };
}
