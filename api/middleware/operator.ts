import type { RequestHandler } from 'express';
import type { Knex } from 'knex';
import { Problem } from '../problems';
import { isOperator } from './caller';

/** Lets operators through, where a program asks that has no session: by their token only. */
export function operatorOnly(db: Knex, clock: () => number): RequestHandler {
  return async (req, _res, next) => {
    next((await isOperator(db, clock(), req)) ? undefined : new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } }));
  };
}
