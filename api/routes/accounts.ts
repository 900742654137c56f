import { Router } from 'express';
import type { ApiDependencies } from '../dependencies';
import { accountSchema, bareSchema, lastDaySchema } from '../contract/onboardings';
import { actorOf, declared } from '../middleware/access';
import { validate } from '../middleware/validate';

/** Accounts, as operators create them. */
export function accountRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'onboardings'>): Router {
  const router = Router();
  const routes = declared(router, '/api/accounts', deps);
  routes.post('/', validate(accountSchema), async (req, res) => {
    const { created, answer } = await deps.onboardings.createAccount(accountSchema.parse(req.body), actorOf(res));
    res.status(created ? 201 : 200).location(`/api/onboardings/${answer.account.code}`).json(answer);
  });
  routes.post('/:account/administrator-password', validate(bareSchema), async (req, res) => {
    await deps.onboardings.supplyPassword(String(req.params.account), actorOf(res));
    res.status(202).json({ requested: true });
  });
  return router;
}

/** Until when applications are there. */
export function applicationRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'onboardings' | 'logger'>): Router {
  const router = Router();
  const routes = declared(router, '/api/applications', deps);
  routes.get('/connect/discontinuation', async (_req, res) => {
    res.json(await deps.onboardings.connectLastDay());
  });
  routes.put('/connect/discontinuation', validate(lastDaySchema), async (req, res) => {
    res.json(await deps.onboardings.setConnectLastDay(lastDaySchema.parse(req.body).date, actorOf(res)));
    // Nobody waits for a hundred thousand of them; what does not hear of it now is told by the sweep.
    deps.onboardings.tellWorkflows().catch((error: unknown) => deps.logger.warn({ err: error }, 'onboardings are told later'));
  });
  return router;
}
