import { Router, type Request, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { bareSchema, draftSchema, lastDaySchema, listQuery, submitSchema } from '../contract/onboardings';
import { accountOfCaller, actorOf, callerLives, declared } from '../middleware/access';
import { validate, validateQuery } from '../middleware/validate';
import { isOnboardingOver } from '../../domain/onboarding/page';
import { Problem } from '../problems';
import { streamEnvelopes } from '../sse';

const keyOf = (req: Request): string | undefined => req.get('Idempotency-Key');
const taskOf = (req: Request): string => String(req.params.task);

/** The account that is asked for. That of somebody else is not there for an administrator. */
export function accountOf(req: Request, res: Response): string {
  const account = String(req.params.account);
  if (account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: 'There is no onboarding of an account with this code.' });
  return account;
}

/** How an account comes on board: for its administrators, and operators for every one. */
export function onboardingRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'onboardings'>): Router {
  const { onboardings: service } = deps;
  const router = Router();
  const routes = declared(router, '/api/onboardings', deps);

  routes.get('/', validateQuery(listQuery), async (req, res) => {
    const { waitsFor, ...query } = listQuery.parse(req.query);
    res.json(await service.list({ ...query, blockedBy: waitsFor }));
  });
  routes.get('/:account', async (req, res) => {
    res.json(await service.view(accountOf(req, res)));
  });
  routes.get('/:account/events', async (req, res) => {
    const account = accountOf(req, res);
    await service.view(account);
    await streamEnvelopes(req, res, { load: () => service.view(account), ended: (flow) => isOnboardingOver(flow.step), lives: () => callerLives(deps, req, res) });
  });
  routes.put('/:account/tasks/:task/draft', validate(draftSchema), async (req, res) => {
    res.json(await service.saveDraft(accountOf(req, res), taskOf(req), draftSchema.parse(req.body), actorOf(res)));
  });
  routes.post('/:account/tasks/:task/submit', validate(submitSchema), async (req, res) => {
    res.json(await service.step(accountOf(req, res), { action: 'submit', task: taskOf(req), idempotencyKey: keyOf(req), ...submitSchema.parse(req.body) }, actorOf(res)));
  });
  routes.post('/:account/tasks/users/try', validate(submitSchema), async (req, res) => {
    res.json(await service.tryDirectory(accountOf(req, res), submitSchema.parse(req.body).version, actorOf(res)));
  });
  for (const action of ['start', 'check-now', 'cancel', 'reopen'] as const) {
    routes.post(`/:account/tasks/:task/${action}`, validate(bareSchema), async (req, res) => {
      res.json(await service.step(accountOf(req, res), { action, task: taskOf(req), idempotencyKey: keyOf(req) }, actorOf(res)));
    });
  }
  routes.put('/:account/discontinuation', validate(lastDaySchema), async (req, res) => {
    res.json(await service.setLastDay(accountOf(req, res), lastDaySchema.parse(req.body).date, actorOf(res)));
  });
  routes.post('/:account/reopen', validate(bareSchema), async (req, res) => {
    res.json(await service.reopen(accountOf(req, res), actorOf(res)));
  });
  return router;
}
