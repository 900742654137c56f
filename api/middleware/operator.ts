import type { RequestHandler } from 'express';
import type { Knex } from 'knex';
import { randomValueDigest } from '../../security/digests';
import { Problem } from '../problems';

/** Lets operators through: a bearer token whose digest is known and that has not ended. */
export function operatorOnly(db: Knex, clock: () => number): RequestHandler {
  return async (req, _res, next) => {
    const [, token] = /^Bearer ([\w-]{20,200})$/.exec(req.get('Authorization') ?? '') ?? [];
    const known = token && (await db('operator_tokens').where({ digest: randomValueDigest(token) }).where('expires_at', '>', clock()).first('digest'));
    next(known ? undefined : new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } }));
  };
}
