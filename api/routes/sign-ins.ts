import { Router, type Request, type Response } from 'express';
import { isSignInEnding } from '../../domain/sign-in';
import { startSchema } from '../contract/password-resets';
import { newPasswordSchema, passcodeSchema, phoneSchema, recoveryCodeSchema, signInPasswordSchema } from '../contract/sign-ins';
import { setSessionCookie } from '../cookies';
import type { ApiDependencies } from '../dependencies';
import { declared } from '../middleware/access';
import { validate } from '../middleware/validate';
import type { SignInAnswer } from '../sign-in/pass';
import { streamEnvelopes } from '../sse';

const keyOf = (req: Request): string | undefined => req.get('Idempotency-Key');
const handleOf = (req: Request): string => String(req.params.id);
const originOf = (req: Request): string => req.ip ?? 'unknown';

/** Answers a step; the one that signed somebody in sets the session's cookie. */
function answer(res: Response, { flow, session }: SignInAnswer): void {
  if (session !== undefined) setSessionCookie(res, session);
  res.json(flow);
}

/** Where people sign in, step by step. Open to anyone who holds the flow's handle. */
export function signInRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'signIns'>): Router {
  const service = deps.signIns;
  const router = Router();
  const routes = declared(router, '/api/sign-ins', deps);

  routes.post('/', validate(startSchema), async (req, res) => {
    const flow = await service.start({ ...startSchema.parse(req.body), origin: originOf(req) });
    res.status(201).location(`/api/sign-ins/${flow.id}`).json(flow);
  });
  routes.get('/:id', async (req, res) => {
    res.json(await service.view(handleOf(req)));
  });
  routes.get('/:id/events', async (req, res) => {
    await service.view(handleOf(req));
    await streamEnvelopes(req, res, { load: () => service.view(handleOf(req)), ended: (flow) => isSignInEnding(flow.step) });
  });
  routes.get('/:id/address', async (req, res) => {
    res.json(await service.address(handleOf(req)));
  });
  routes.post('/:id/password', validate(signInPasswordSchema), async (req, res) => {
    answer(res, await service.password(handleOf(req), { ...signInPasswordSchema.parse(req.body), origin: originOf(req) }, keyOf(req)));
  });
  routes.post('/:id/phone', validate(phoneSchema), async (req, res) => {
    res.json(await service.phone(handleOf(req), phoneSchema.parse(req.body).number, keyOf(req)));
  });
  for (const kind of ['passcode', 'totp'] as const) {
    routes.post(`/:id/${kind}`, validate(passcodeSchema), async (req, res) => {
      answer(res, await service.secondStep(handleOf(req), kind, passcodeSchema.parse(req.body).code, keyOf(req)));
    });
  }
  routes.post('/:id/recovery-code', validate(recoveryCodeSchema), async (req, res) => {
    answer(res, await service.secondStep(handleOf(req), 'recovery-code', recoveryCodeSchema.parse(req.body).code, keyOf(req)));
  });
  routes.post('/:id/new-password', validate(newPasswordSchema), async (req, res) => {
    answer(res, await service.newPassword(handleOf(req), newPasswordSchema.parse(req.body), keyOf(req)));
  });
  routes.post('/:id/resend', async (req, res) => {
    res.json(await service.resend(handleOf(req), keyOf(req)));
  });
  routes.post('/:id/cancel', async (req, res) => {
    res.json(await service.cancel(handleOf(req), keyOf(req)));
  });
  return router;
}
