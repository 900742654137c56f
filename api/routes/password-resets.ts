import { Router, type Request, type Response } from 'express';
import { captchaSchema, codeSchema, linkSchema, methodSchema, passwordSchema, startSchema, temporaryPasswordSchema } from '../contract/password-resets';
import { validate } from '../middleware/validate';
import type { PasswordResetService } from '../password-reset/service';
import { isEnding } from '../../domain/password-reset';
import { streamEnvelopes } from '../sse';

const keyOf = (req: Request): string | undefined => req.get('Idempotency-Key');
const handleOf = (req: Request): string => String(req.params.id);

/** Where people take the steps of a reset. Open to anyone who holds the flow's handle. */
export function passwordResetRoutes(service: PasswordResetService): Router {
  const router = Router();

  router.post('/', validate(startSchema), async (req: Request, res: Response) => {
    const { email, application } = startSchema.parse(req.body);
    const flow = await service.start({ email, application, origin: req.ip ?? 'unknown' });
    res.status(201).location(`/api/password-resets/${flow.id}`).json(flow);
  });
  router.get('/:id', async (req, res) => {
    res.json(await service.view(handleOf(req)));
  });
  router.get('/:id/events', async (req, res) => {
    await service.view(handleOf(req));
    await streamEnvelopes(req, res, { load: () => service.view(handleOf(req)), ended: (flow) => isEnding(flow.step) });
  });
  router.post('/:id/captcha', validate(captchaSchema), async (req, res) => {
    res.json(await service.captcha(handleOf(req), captchaSchema.parse(req.body).answer, keyOf(req)));
  });
  router.post('/:id/method', validate(methodSchema), async (req, res) => {
    res.json(await service.method(handleOf(req), methodSchema.parse(req.body).method, keyOf(req)));
  });
  router.post('/:id/code', validate(codeSchema), async (req, res) => {
    res.json(await service.prove(handleOf(req), 'code', codeSchema.parse(req.body).code, keyOf(req)));
  });
  router.post('/:id/link', validate(linkSchema), async (req, res) => {
    res.json(await service.prove(handleOf(req), 'link', linkSchema.parse(req.body).token, keyOf(req)));
  });
  router.post('/:id/temporary-password', validate(temporaryPasswordSchema), async (req, res) => {
    // Copy and paste adds blanks around it.
    const password = temporaryPasswordSchema.parse(req.body).password.trim();
    res.json(await service.prove(handleOf(req), 'temporary-password', password, keyOf(req)));
  });
  router.post('/:id/password', validate(passwordSchema), async (req, res) => {
    res.json(await service.password(handleOf(req), passwordSchema.parse(req.body), keyOf(req)));
  });
  router.post('/:id/resend', async (req, res) => {
    res.json(await service.resend(handleOf(req), keyOf(req)));
  });
  router.post('/:id/cancel', async (req, res) => {
    res.json(await service.cancel(handleOf(req), keyOf(req)));
  });
  return router;
}
