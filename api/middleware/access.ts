import type { Request, RequestHandler, Response, Router } from 'express';
import type { Knex } from 'knex';
import { operations } from '../contract/operations';
import type { Who } from '../contract/operation';
import { liveSession, type SessionRow } from '../../db/sessions';
import type { UserRow } from '../../db/users';
import { Problem } from '../problems';
import { lacksStepToAdminister } from '../sign-in/standing';
import { isOperator, resolveCaller, type Caller } from './caller';

interface AccessDependencies {
  readonly db: Knex;
  readonly clock: () => number;
}

function callerOf(res: Response): Caller {
  return res.locals.caller as Caller;
}

function isAllowed(who: Who, caller: Caller): boolean {
  switch (who) {
    case 'anyone':
    case 'holder': return true;
    case 'signed-in': return caller.kind === 'session';
    case 'owner': return caller.kind !== 'anonymous';
    case 'administrator': return caller.kind === 'operator' || (caller.kind === 'session' && ['administrator', 'operator'].includes(caller.user.role));
    case 'operator': return caller.kind === 'operator' || (caller.kind === 'session' && caller.user.role === 'operator');
  }
}

/** Lets through whom an operation is for, with as sure a session as it asks for. Anyone and holders of a flow's id are not even looked up. */
export function allow(who: Who, { db, clock }: AccessDependencies): RequestHandler {
  return async (req, res, next) => {
    if (who === 'anyone' || who === 'holder') return next();
    const caller = await resolveCaller(db, clock(), req);
    res.locals.caller = caller;
    if (!isAllowed(who, caller)) return next(caller.kind === 'anonymous' ? new Problem('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } }) : new Problem('forbidden'));
    const weak = who !== 'signed-in' && caller.kind === 'session' && (await lacksStepToAdminister(db, caller));
    next(weak ? new Problem('step-up-required') : undefined);
  };
}

/** Who is signed in, in a route that is for people who are. */
export function signedIn(res: Response): { readonly session: SessionRow; readonly user: UserRow } {
  const caller = callerOf(res);
  if (caller.kind !== 'session') throw new Error('This route is not for people who are signed in.');
  return caller;
}

/** Who asks, where it is a person. */
export function userOf(res: Response): UserRow | undefined {
  const caller = callerOf(res);
  return caller.kind === 'session' ? caller.user : undefined;
}

/** The account that an administrator keeps; undefined for operators, who keep every one. */
export function accountOfCaller(res: Response): string | undefined {
  const caller = callerOf(res);
  return caller.kind === 'session' && caller.user.role !== 'operator' ? caller.user.account_code : undefined;
}

/** Whether something of a user is there for the caller: their own, of their own account for administrators, any for operators. */
export function mayReach(res: Response, owner: { readonly account_code: string; readonly user_id: string }): boolean {
  const caller = callerOf(res);
  if (isAllowed('administrator', caller)) return owner.account_code === (accountOfCaller(res) ?? owner.account_code);
  return caller.kind === 'session' && caller.user.id === owner.user_id;
}

/** Who did it, by name as well: what others read beside what was changed. */
export function actorOf(res: Response): { readonly id: string; readonly name: string } {
  const caller = callerOf(res);
  return caller.kind === 'session' ? { id: caller.user.id, name: caller.user.name } : { id: caller.kind, name: 'an operator' };
}

/** Whether a caller who was let through would still be: what lasts longer than a request ends with its session. */
export async function callerLives({ db, clock }: AccessDependencies, req: Request, res: Response): Promise<boolean> {
  const caller = callerOf(res);
  if (caller.kind === 'operator') return isOperator(db, clock(), req);
  return caller.kind === 'session' && (await liveSession(db, caller.session.digest, clock())) !== undefined;
}

/** Who did it, as the audit says: a user's id, or an operator. */
export function callerName(res: Response): string {
  const caller = callerOf(res);
  return caller.kind === 'session' ? caller.user.id : caller.kind;
}

type Method = 'get' | 'post' | 'put' | 'delete';
type Register = (path: string, ...handlers: RequestHandler[]) => void;

/**
 * Registers routes of which the contract says who may call them: one table for the server, the OpenAPI document and the
 * test that walks all routes as everybody.
 * @param base - where the router is mounted
 * @throws Error where the contract does not know a route: nothing is served that nobody decided about
 */
export function declared(router: Router, base: string, deps: AccessDependencies): Record<Method, Register> {
  const register = (method: Method): Register => (path, ...handlers) => {
    const full = `${base}${path === '/' ? '' : path}`.replace(/:(\w+)/g, '{$1}');
    const operation = operations.find((known) => known.method === method && known.path === full);
    if (!operation) throw new Error(`The contract has no ${method.toUpperCase()} ${full}.`);
    router[method](path, allow(operation.who, deps), ...handlers);
  };
  return { get: register('get'), post: register('post'), put: register('put'), delete: register('delete') };
}
