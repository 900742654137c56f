import { Router } from 'express';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { factorsOf } from '../../db/factors';
import { endSession, idleUntil, liveSessionsOf, type SessionEnd, type SessionRow } from '../../db/sessions';
import type { UserRow } from '../../db/users';
import { lastDigits } from '../../domain/sign-in';
import { applicationSchema, reauthenticationSchema } from '../contract/sign-ins';
import { clearSessionCookie } from '../cookies';
import type { ApiDependencies } from '../dependencies';
import { iso } from '../iso';
import { declared, signedIn } from '../middleware/access';
import { validate } from '../middleware/validate';
import { Problem } from '../problems';
import { openApplications } from '../sign-in/standing';

const CHANGES = [['/session/factors/phone', 'change-phone'], ['/session/factors/totp', 'enrol-totp'], ['/session/recovery-codes', 'recovery-codes'], ['/session/password', 'change-password']] as const;

/** Sessions and second steps, for whoever is signed in: their own. */
export function sessionRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'signIns'>): Router {
  const { db, clock } = deps;
  const router = Router();
  const routes = declared(router, '/api', deps);

  async function end(user: UserRow, id: string, why: SessionEnd): Promise<boolean> {
    return inTransaction(db, async (tx) => {
      if (!(await endSession(tx, { id, user_id: user.id }, clock(), why))) return false;
      await appendAudit(tx, { at: clock(), action: `session.${why}`, accountCode: user.account_code, subject: user.id, details: { session: id } });
      return true;
    });
  }

  async function view({ session, user }: { session: SessionRow; user: UserRow }) {
    return {
      user: { id: user.id, email: user.email, name: user.name, role: user.role, account: user.account_code },
      application: session.application, assurance: session.assurance, applications: await openApplications(db, { session, user }),
      expiresAt: iso(session.expires_at), idleUntil: iso(idleUntil(session)),
    };
  }

  routes.get('/session', async (_req, res) => {
    res.json(await view(signedIn(res)));
  });
  routes.post('/session/application', validate(applicationSchema), async (req, res) => {
    const { application } = applicationSchema.parse(req.body);
    const { session, user } = signedIn(res);
    const flow = await deps.signIns.switchTo({ session, user, application }, req.get('Idempotency-Key'));
    if (flow) res.status(201).location(`/api/sign-ins/${flow.id}`).json(flow);
    else res.json(await view({ session: { ...session, application }, user }));
  });
  routes.delete('/session', async (_req, res) => {
    const { session, user } = signedIn(res);
    await end(user, session.id, 'signed-out');
    clearSessionCookie(res);
    res.sendStatus(204);
  });
  routes.get('/sessions', async (_req, res) => {
    const { session: current, user } = signedIn(res);
    const line = (session: SessionRow) => ({
      id: session.id, application: session.application, assurance: session.assurance, createdAt: iso(session.created_at), lastSeenAt: iso(session.last_seen_at),
      expiresAt: iso(session.expires_at), current: session.id === current.id,
    });
    res.json((await liveSessionsOf(db, user.id, clock())).map(line));
  });
  routes.delete('/sessions/:id', async (req, res) => {
    const { session, user } = signedIn(res);
    const id = String(req.params.id);
    if (!(await end(user, id, 'ended-by-owner'))) throw new Problem('not-found', { detail: 'You have no live session with this id.' });
    if (id === session.id) clearSessionCookie(res);
    res.sendStatus(204);
  });

  routes.get('/session/factors', async (_req, res) => {
    const { phone, totp, recoveryCodes } = await factorsOf(db, signedIn(res).user.id);
    res.json({
      phone: phone ? { lastDigits: lastDigits(phone.e164), enrolledAt: iso(phone.created_at) } : null,
      totp: totp ? { enrolledAt: iso(totp.created_at) } : null,
      recoveryCodes: recoveryCodes.length,
    });
  });
  for (const [path, purpose] of CHANGES) {
    routes.post(path, validate(reauthenticationSchema), async (req, res) => {
      const { password } = reauthenticationSchema.parse(req.body);
      const flow = await deps.signIns.change({ ...signedIn(res), purpose, password, origin: req.ip ?? 'unknown' }, req.get('Idempotency-Key'));
      res.status(201).location(`/api/sign-ins/${flow.id}`).json(flow);
    });
  }
  return router;
}
