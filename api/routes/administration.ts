import { Router } from 'express';
import type { ApiDependencies } from '../dependencies';
import { administratorResetSchema } from '../contract/password-resets';
import { groupSchema, profileSchema, type ProfileInput } from '../contract/administration';
import { operatorOnly } from '../middleware/operator';
import { validate } from '../middleware/validate';
import { cancelResetsOf } from '../password-reset/cancel-all';
import { Problem } from '../problems';
import { appendAudit } from '../../db/audit';
import { clearCodeFailures } from '../../db/code-failures';
import { inTransaction } from '../../db/connection';
import { findGroup, ForeignReference, listGroups, saveGroup } from '../../db/groups';
import { findProfile, insertProfile, listProfiles, updateProfile } from '../../db/profiles';
import { endSessions } from '../../db/sessions';
import { findUser, normaliseAddress, resetOptions, type ProfileRow, type UserRow } from '../../db/users';
import { risksOf } from '../../domain/password-reset';
import { addressDigest } from '../../security/digests';

const MOST_USERS = 500;

const userView = (user: UserRow) => ({ id: user.id, account: user.account_code, email: user.email, name: user.name, status: user.status, authentication: user.authentication });

const profileView = (row: ProfileRow) => ({
  id: row.id, account: row.account_code, name: row.name,
  passwordResetOptions: { selfService: Boolean(row.reset_self_service), sms: Boolean(row.reset_by_sms), email: Boolean(row.reset_by_email), smsSoleFactorAccepted: Boolean(row.sms_sole_factor_accepted) },
  twoStep: row.two_step, legacyComplexity: Boolean(row.legacy_complexity),
  codeTtlMs: row.code_ttl_ms, linkTtlMs: row.link_ttl_ms, temporaryPasswordTtlMs: row.temporary_password_ttl_ms,
  sessionIdleMs: row.session_idle_ms, sessionAbsoluteMs: row.session_absolute_ms, helpContact: row.help_contact,
  risks: risksOf(resetOptions(row)),
});

const profileRow = (input: ProfileInput): Omit<ProfileRow, 'id'> => ({
  account_code: input.account, name: input.name, two_step: input.twoStep, legacy_complexity: input.legacyComplexity, password_min_length: null,
  reset_self_service: input.passwordResetOptions.selfService, reset_by_sms: input.passwordResetOptions.sms, reset_by_email: input.passwordResetOptions.email,
  sms_sole_factor_accepted: input.passwordResetOptions.smsSoleFactorAccepted,
  code_ttl_ms: input.codeTtlMs, link_ttl_ms: input.linkTtlMs, temporary_password_ttl_ms: input.temporaryPasswordTtlMs,
  session_idle_ms: input.sessionIdleMs, session_absolute_ms: input.sessionAbsoluteMs, help_contact: input.helpContact,
});

const notFound = (what: string): Problem => new Problem('not-found', { detail: `There is no ${what} with this id.` });
const accountOf = (query: unknown): string | undefined => (typeof query === 'string' && query.length <= 12 ? query : undefined);

/** Users, groups and authentication profiles, for administrators: until sign-in exists, whoever holds an operator token. */
export function administrationRoutes(deps: Pick<ApiDependencies, 'db' | 'keys' | 'clock' | 'temporal' | 'passwordResets'>): Router {
  const { db, clock } = deps;
  const router = Router();
  router.use(['/users', '/groups', '/authentication-profiles'], operatorOnly(db, clock));

  const userOf = async (id: unknown): Promise<UserRow> => {
    const user = await findUser(db, String(id));
    if (!user) throw notFound('user');
    return user;
  };

  router.get('/users', async (req, res) => {
    const query = db<UserRow>('users').orderBy('email').limit(MOST_USERS);
    const account = accountOf(req.query.account);
    if (account !== undefined) query.where({ account_code: account });
    if (typeof req.query.email === 'string') query.where({ email: normaliseAddress(req.query.email) });
    res.json((await query).map(userView));
  });
  router.get('/users/:id', async (req, res) => {
    res.json(userView(await userOf(req.params.id)));
  });
  router.post('/users/:id/password-resets', validate(administratorResetSchema), async (req, res) => {
    const user = await userOf(req.params.id);
    res.status(202).json(await deps.passwordResets.requestByAdministrator({ userId: user.id, ...administratorResetSchema.parse(req.body) }));
  });
  for (const [action, status] of [['disable', 'disabled'], ['enable', 'active']] as const) {
    router.post(`/users/:id/${action}`, async (req, res) => {
      const user = await userOf(req.params.id);
      await inTransaction(db, async (tx) => {
        await tx('users').where({ id: user.id }).update({ status });
        if (status === 'disabled') await endSessions(tx, user.id, clock(), 'disabled');
        await appendAudit(tx, { at: clock(), action: `user.${action}d`, accountCode: user.account_code, subject: user.id });
      });
      if (status === 'disabled') await cancelResetsOf(deps, user);
      res.json(userView({ ...user, status }));
    });
  }
  router.post('/users/:id/unlock-reset', async (req, res) => {
    const user = await userOf(req.params.id);
    await inTransaction(db, async (tx) => {
      await clearCodeFailures(tx, addressDigest(deps.keys, user.email));
      await appendAudit(tx, { at: clock(), action: 'user.reset-unlocked', accountCode: user.account_code, subject: user.id });
    });
    res.json(userView(user));
  });

  router.get('/authentication-profiles', async (req, res) => {
    res.json((await listProfiles(db, accountOf(req.query.account))).map(profileView));
  });
  router.post('/authentication-profiles', validate(profileSchema), async (req, res) => {
    const input = profileSchema.parse(req.body);
    if (!(await db('accounts').where({ code: input.account }).first('code'))) throw new Problem('not-found', { detail: 'There is no account with this code.' });
    const id = await insertProfile(db, profileRow(input));
    if (id === null) throw new Problem('already-exists');
    res.status(201).json(profileView({ id, ...profileRow(input) }));
  });
  router.get('/authentication-profiles/:id', async (req, res) => {
    const row = await findProfile(db, req.params.id);
    if (!row) throw notFound('profile');
    res.json(profileView(row));
  });
  router.put('/authentication-profiles/:id', validate(profileSchema), async (req, res) => {
    const input = profileSchema.parse(req.body);
    const id = String(req.params.id);
    const others = await listProfiles(db, input.account);
    if (others.some((other) => other.name === input.name && other.id !== id)) throw new Problem('already-exists');
    if (!(await updateProfile(db, id, profileRow(input)))) throw notFound('profile');
    res.json(profileView({ id, ...profileRow(input) }));
  });

  router.get('/groups', async (req, res) => {
    res.json(await listGroups(db, accountOf(req.query.account)));
  });
  router.get('/groups/:id', async (req, res) => {
    const group = await findGroup(db, req.params.id);
    if (!group) throw notFound('group');
    res.json(group);
  });
  const save = async (body: unknown, id?: string) => {
    const input = groupSchema.parse(body);
    try {
      const saved = await saveGroup(db, input, id);
      if (saved === null) throw new Problem('already-exists');
      return { ...input, id: saved };
    } catch (error) {
      if (error instanceof ForeignReference) throw new Problem('invalid-request', { detail: error.message });
      throw error;
    }
  };
  router.post('/groups', validate(groupSchema), async (req, res) => {
    res.status(201).json(await save(req.body));
  });
  router.put('/groups/:id', validate(groupSchema), async (req, res) => {
    if (!(await findGroup(db, String(req.params.id)))) throw notFound('group');
    res.json(await save(req.body, String(req.params.id)));
  });
  return router;
}
