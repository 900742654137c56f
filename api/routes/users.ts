import { Router, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { administratorResetSchema } from '../contract/password-resets';
import { accountOfCaller, callerName, declared } from '../middleware/access';
import { validate } from '../middleware/validate';
import { cancelResetsOf } from '../password-reset/cancel-all';
import { Problem } from '../problems';
import { appendAudit } from '../../db/audit';
import { clearCodeFailures } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { endSessions } from '../../db/sessions';
import { findUser, normaliseAddress, type UserRow } from '../../db/users';
import { addressDigest } from '../../security/digests';

const MOST_USERS = 500;

const userView = (user: UserRow) => ({ id: user.id, account: user.account_code, email: user.email, name: user.name, role: user.role, status: user.status, authentication: user.authentication });

/** The account whose rows a list shows: the one asked for, but an administrator's own where the caller keeps only that. */
export function listedAccount(res: Response, query: unknown): string | undefined {
  return accountOfCaller(res) ?? (typeof query === 'string' && query.length <= 12 ? query : undefined);
}

/** People and what administrators do for them. Those of another account are not there for an administrator. */
export function userRoutes(deps: Pick<ApiDependencies, 'db' | 'keys' | 'clock' | 'temporal' | 'passwordResets'>): Router {
  const { db, clock } = deps;
  const router = Router();
  const routes = declared(router, '/api/users', deps);

  const userOf = async (res: Response, id: unknown): Promise<UserRow> => {
    const user = await findUser(db, String(id));
    if (!user || user.account_code !== (accountOfCaller(res) ?? user.account_code)) throw new Problem('not-found', { detail: 'There is no user with this id.' });
    return user;
  };

  routes.get('/', async (req, res) => {
    const query = db<UserRow>('users').orderBy('email').limit(MOST_USERS);
    const account = listedAccount(res, req.query.account);
    if (account !== undefined) query.where({ account_code: account });
    if (typeof req.query.email === 'string') query.where({ email: normaliseAddress(req.query.email) });
    res.json((await query).map(userView));
  });
  routes.get('/:id', async (req, res) => {
    res.json(userView(await userOf(res, req.params.id)));
  });
  routes.post('/:id/password-resets', validate(administratorResetSchema), async (req, res) => {
    const user = await userOf(res, req.params.id);
    res.status(202).json(await deps.passwordResets.requestByAdministrator({ userId: user.id, ...administratorResetSchema.parse(req.body) }));
  });
  for (const [action, status] of [['disable', 'disabled'], ['enable', 'active']] as const) {
    routes.post(`/:id/${action}`, async (req, res) => {
      const user = await userOf(res, req.params.id);
      await inTransaction(db, async (tx) => {
        await tx('users').where({ id: user.id }).update({ status });
        if (status === 'disabled') await endSessions(tx, user.id, clock(), 'disabled');
        await appendAudit(tx, { at: clock(), action: `user.${action}d`, accountCode: user.account_code, subject: user.id, details: { by: callerName(res) } });
      });
      if (status === 'disabled') await cancelResetsOf(deps, user);
      res.json(userView({ ...user, status }));
    });
  }
  routes.post('/:id/unlock-reset', async (req, res) => {
    const user = await userOf(res, req.params.id);
    await inTransaction(db, async (tx) => {
      await clearCodeFailures(tx, addressDigest(deps.keys, user.email));
      await appendAudit(tx, { at: clock(), action: 'user.reset-unlocked', accountCode: user.account_code, subject: user.id, details: { by: callerName(res) } });
    });
    res.json(userView(user));
  });
  return router;
}
