import { Router, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { administratorResetSchema } from '../contract/password-resets';
import { roleSchema } from '../contract/sign-ins';
import { accountOfCaller, callerName, declared } from '../middleware/access';
import { validate } from '../middleware/validate';
import { sendNotice } from '../notices';
import { cancelResetsOf } from '../password-reset/cancel-all';
import { Problem } from '../problems';
import { cancelSignInsOf } from '../sign-in/cancel-all';
import { appendAudit } from '../../db/audit';
import { clearCodeFailures } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { removeFactors } from '../../db/factors';
import { newNoticeId, NOTICE_ROUND, queueNotices } from '../../db/notices';
import { endSessions } from '../../db/sessions';
import { clearFailures, failureKey } from '../../db/sign-in-failures';
import { findUser, normaliseAddress, type UserRow } from '../../db/users';
import type { Role } from '../../domain/sign-in';
import { addressDigest } from '../../security/digests';

const MOST_USERS = 500;
/** The roles that an administrator gives and takes. */
const OWN_ROLES: readonly Role[] = ['user', 'administrator'];

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
      if (status === 'disabled') {
        await cancelResetsOf(deps, user);
        await cancelSignInsOf(deps, user, 'disabled');
      }
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
  // Whoever lost a phone or an authenticator enrols again, by the proof that enrolling asks for (ASVS 6.4.4).
  routes.post('/:id/reset-second-step', async (req, res) => {
    const user = await userOf(res, req.params.id);
    const person = addressDigest(deps.keys, user.email);
    const noticeId = newNoticeId();
    await inTransaction(db, async (tx) => {
      const removed = await removeFactors(tx, user.id);
      await clearFailures(tx, failureKey.person(person), ...(['passcode', 'totp', 'recovery-code'] as const).map((kind) => failureKey.factor(kind, user.id)));
      const sessions = await endSessions(tx, user.id, clock(), 'second-step-reset');
      const of = { flow_id: noticeId, account_code: user.account_code, person, round: NOTICE_ROUND, userId: user.id };
      if (user.status === 'active') await queueNotices(tx, deps.keys, of, { purpose: 'reset-by-administrator', at: new Date(clock()).toISOString() }, clock());
      await appendAudit(tx, { at: clock(), action: 'user.second-step-reset', accountCode: user.account_code, subject: user.id, details: { by: callerName(res), removed, sessionsEnded: sessions } });
    });
    await cancelSignInsOf(deps, user, 'second-step-reset');
    await sendNotice(deps.temporal, noticeId);
    res.json(userView(user));
  });
  routes.post('/:id/role', validate(roleSchema), async (req, res) => {
    const user = await userOf(res, req.params.id);
    const { role } = roleSchema.parse(req.body);
    // An administrator's account has users and administrators; what reaches beyond it only operators give, or take.
    if (accountOfCaller(res) !== undefined && ![role, user.role].every((each) => OWN_ROLES.includes(each))) throw new Problem('forbidden', { detail: 'Only operators give and take this role.' });
    await inTransaction(db, async (tx) => {
      await tx('users').where({ id: user.id }).update({ role });
      const sessions = role === user.role ? 0 : await endSessions(tx, user.id, clock(), 'role-changed');
      await appendAudit(tx, { at: clock(), action: 'user.role-changed', accountCode: user.account_code, subject: user.id, details: { by: callerName(res), from: user.role, to: role, sessionsEnded: sessions } });
    });
    res.json(userView({ ...user, role }));
  });
  return router;
}
