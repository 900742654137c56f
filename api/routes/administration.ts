import { Router, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { groupSchema, profileSchema, type ProfileInput } from '../contract/administration';
import { accountOfCaller, callerName, declared } from '../middleware/access';
import { validate } from '../middleware/validate';
import { Problem } from '../problems';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { findGroup, ForeignReference, listGroups, saveGroup, type Group } from '../../db/groups';
import { findProfile, insertProfile, listProfiles, updateProfile } from '../../db/profiles';
import { resetOptions, type ProfileRow } from '../../db/users';
import { risksOf } from '../../domain/password-reset';
import { listedAccount } from './users';

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


/** Groups and authentication profiles. Those of another account are not there for an administrator. */
export function administrationRoutes(deps: Pick<ApiDependencies, 'db' | 'clock'>): Router {
  const { db, clock } = deps;
  const router = Router();
  const routes = declared(router, '/api', deps);

  /** @throws Problem where an administrator names another account: it is not there for them */
  const own = (res: Response, account: string): void => {
    if (account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: 'There is no account with this code.' });
  };
  /** What there is for the caller: nothing of another account. */
  const found = <T>(res: Response, row: T | undefined, account: string | undefined, what: string): T => {
    if (row === undefined || account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: `There is no ${what} with this id.` });
    return row;
  };
  const profileOf = async (res: Response, id: unknown): Promise<ProfileRow> => {
    const row = await findProfile(db, String(id));
    return found(res, row, row?.account_code, 'profile');
  };
  const groupOf = async (res: Response, id: unknown): Promise<Group> => {
    const group = await findGroup(db, String(id));
    return found(res, group, group?.account, 'group');
  };

  routes.get('/authentication-profiles', async (req, res) => {
    res.json((await listProfiles(db, listedAccount(res, req.query.account))).map(profileView));
  });
  routes.post('/authentication-profiles', validate(profileSchema), async (req, res) => {
    const input = profileSchema.parse(req.body);
    own(res, input.account);
    if (!(await db('accounts').where({ code: input.account }).first('code'))) throw new Problem('not-found', { detail: 'There is no account with this code.' });
    const id = await inTransaction(db, async (tx) => {
      const made = await insertProfile(tx, profileRow(input));
      if (made === null) throw new Problem('already-exists');
      await appendAudit(tx, { at: clock(), action: 'profile.added', accountCode: input.account, subject: made, details: { by: callerName(res), twoStep: input.twoStep } });
      return made;
    });
    res.status(201).json(profileView({ id, ...profileRow(input) }));
  });
  routes.get('/authentication-profiles/:id', async (req, res) => {
    res.json(profileView(await profileOf(res, req.params.id)));
  });
  routes.put('/authentication-profiles/:id', validate(profileSchema), async (req, res) => {
    const input = profileSchema.parse(req.body);
    const { id } = await profileOf(res, req.params.id);
    own(res, input.account);
    const others = await listProfiles(db, input.account);
    if (others.some((other) => other.name === input.name && other.id !== id)) throw new Problem('already-exists');
    await inTransaction(db, async (tx) => {
      found(res, (await updateProfile(tx, id, profileRow(input))) || undefined, input.account, 'profile');
      await appendAudit(tx, { at: clock(), action: 'profile.changed', accountCode: input.account, subject: id, details: { by: callerName(res), twoStep: input.twoStep } });
    });
    res.json(profileView({ id, ...profileRow(input) }));
  });

  routes.get('/groups', async (req, res) => {
    res.json(await listGroups(db, listedAccount(res, req.query.account)));
  });
  routes.get('/groups/:id', async (req, res) => {
    res.json(await groupOf(res, req.params.id));
  });
  const save = async (res: Response, body: unknown, id?: string) => {
    const input = groupSchema.parse(body);
    own(res, input.account);
    try {
      const saved = await saveGroup(db, input, id);
      if (saved === null) throw new Problem('already-exists');
      return { ...input, id: saved };
    } catch (error) {
      if (error instanceof ForeignReference) throw new Problem('invalid-request', { detail: error.message });
      throw error;
    }
  };
  routes.post('/groups', validate(groupSchema), async (req, res) => {
    res.status(201).json(await save(res, req.body));
  });
  routes.put('/groups/:id', validate(groupSchema), async (req, res) => {
    const { id } = await groupOf(res, req.params.id);
    res.json(await save(res, req.body, id));
  });
  return router;
}
