import { Router, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { userListQuery } from '../contract/administration';
import { administratorResetSchema } from '../contract/password-resets';
import { roleSchema } from '../contract/sign-ins';
import { accountOfCaller, callerName, declared } from '../middleware/access';
import { validate, validateQuery } from '../middleware/validate';
import { Problem } from '../problems';
import { changeRole, resetSecondStep, setStatus, unlock, type By } from '../users/change';
import { userViews } from '../users/view';
import { listUsers } from '../../db/user-lists';
import { findUser, normaliseAddress, type UserRow } from '../../db/users';

/** The account whose rows a list shows: the one asked for, but an administrator's own where the caller keeps only that. */
export function listedAccount(res: Response, query: unknown): string | undefined {
  return accountOfCaller(res) ?? (typeof query === 'string' && query.length <= 12 ? query : undefined);
}

/** People and what administrators do for them. Those of another account are not there for an administrator. */
export function userRoutes(deps: Pick<ApiDependencies, 'db' | 'keys' | 'clock' | 'temporal' | 'passwordResets'>): Router {
  const { db } = deps;
  const router = Router();
  const routes = declared(router, '/api/users', deps);
  const by = (res: Response): By => ({ name: callerName(res), account: accountOfCaller(res) });

  const userOf = async (res: Response, id: unknown): Promise<UserRow> => {
    const user = await findUser(db, String(id));
    if (!user || user.account_code !== (accountOfCaller(res) ?? user.account_code)) throw new Problem('not-found', { detail: 'There is no user with this id.' });
    return user;
  };
  /** The user as they are after what was done. */
  const answer = async (res: Response, { id }: UserRow): Promise<void> => {
    res.json((await userViews(deps, [await userOf(res, id)]))[0]);
  };
  /** Does something for a user, and answers them as they are then. */
  const act = (path: string, work: (user: UserRow, res: Response) => Promise<void>): void => routes.post(path, async (req, res) => {
    const user = await userOf(res, req.params.id);
    await work(user, res);
    await answer(res, user);
  });

  routes.get('/', validateQuery(userListQuery), async (req, res) => {
    const { after, limit, ...query } = userListQuery.parse(req.query);
    const email = query.email === undefined ? undefined : normaliseAddress(query.email);
    const behind = after === undefined ? undefined : (await userOf(res, after)).email;
    const found = await listUsers(db, { account: listedAccount(res, query.account), email, search: query.search?.toLowerCase(), after: behind }, limit + 1);
    const users = found.slice(0, limit);
    if (found.length > limit) res.set('Link', `</api/users?${new URLSearchParams({ ...query, after: users.at(-1)!.id, limit: String(limit) })}>; rel="next"`);
    res.json(await userViews(deps, users));
  });
  routes.get('/:id', async (req, res) => {
    await answer(res, await userOf(res, req.params.id));
  });
  routes.post('/:id/password-resets', validate(administratorResetSchema), async (req, res) => {
    const user = await userOf(res, req.params.id);
    res.status(202).json(await deps.passwordResets.requestByAdministrator({ userId: user.id, ...administratorResetSchema.parse(req.body) }));
  });
  act('/:id/disable', (user, res) => setStatus(deps, user, 'disabled', by(res)));
  act('/:id/enable', (user, res) => setStatus(deps, user, 'active', by(res)));
  act('/:id/unlock-reset', (user, res) => unlock(deps, user, 'reset', by(res)));
  act('/:id/unlock-password', (user, res) => unlock(deps, user, 'password', by(res)));
  act('/:id/reset-second-step', (user, res) => resetSecondStep(deps, user, by(res)));
  routes.post('/:id/role', validate(roleSchema), async (req, res) => {
    const user = await userOf(res, req.params.id);
    await changeRole(deps, user, roleSchema.parse(req.body).role, by(res));
    await answer(res, user);
  });
  return router;
}
