import { Router, type Request, type Response } from 'express';
import type { ApiDependencies } from '../dependencies';
import { isSettled } from '../continuity/view';
import { deliveryListQuery, endSchema, eventChangeSchema, eventListQuery, eventSchema, groupChoiceQuery, previewSchema, testSchema, updateSchema } from '../contract/continuity';
import { bareSchema } from '../contract/onboardings';
import { accountOfCaller, actorOf, callerLives, declared, userOf } from '../middleware/access';
import { validate, validateQuery } from '../middleware/validate';
import { Problem } from '../problems';
import { streamEnvelopes } from '../sse';

const keyOf = (req: Request): string | undefined => req.get('Idempotency-Key');
const idOf = (req: Request): string => String(req.params.id);

/** @throws Problem where an administrator names another account: it is not there for them */
function expectOwn(res: Response, account: string): void {
  if (account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: 'There is no account with this code.' });
}

/** Continuity events: for administrators those of their own account, for operators every one. */
export function continuityEventRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'continuity'>): Router {
  const { continuity: service } = deps;
  const router = Router();
  const routes = declared(router, '/api/continuity-events', deps);

  routes.post('/', validate(eventSchema), async (req, res) => {
    const body = eventSchema.parse(req.body);
    expectOwn(res, body.account);
    const event = await service.create(body, actorOf(res), keyOf(req));
    res.status(201).location(`/api/continuity-events/${event.id}`).json(event);
  });
  routes.get('/', validateQuery(eventListQuery), async (req, res) => {
    const query = eventListQuery.parse(req.query);
    res.json(await service.list({ ...query, account: accountOfCaller(res) ?? query.account }));
  });
  routes.post('/preview', validate(previewSchema), async (req, res) => {
    const body = previewSchema.parse(req.body);
    expectOwn(res, body.account);
    res.json(await service.preview(body));
  });
  routes.post('/test', validate(testSchema), async (req, res) => {
    const body = testSchema.parse(req.body);
    expectOwn(res, body.account);
    res.status(202).json(await service.test(body, userOf(res)));
  });
  routes.get('/groups', validateQuery(groupChoiceQuery), async (req, res) => {
    const { account } = groupChoiceQuery.parse(req.query);
    expectOwn(res, account);
    res.json(await service.groups(account));
  });
  routes.get('/:id', async (req, res) => {
    res.json(await service.view(idOf(req), accountOfCaller(res)));
  });
  routes.put('/:id', validate(eventChangeSchema), async (req, res) => {
    res.json(await service.change(idOf(req), accountOfCaller(res), eventChangeSchema.parse(req.body), actorOf(res)));
  });
  routes.get('/:id/events', async (req, res) => {
    const load = () => service.view(idOf(req), accountOfCaller(res));
    await load();
    await streamEnvelopes(req, res, { load, ended: isSettled, lives: () => callerLives(deps, req, res) });
  });
  routes.get('/:id/deliveries', validateQuery(deliveryListQuery), async (req, res) => {
    res.json(await service.deliveries(idOf(req), accountOfCaller(res), deliveryListQuery.parse(req.query)));
  });
  for (const action of ['approve', 'start', 'cancel'] as const) {
    routes.post(`/:id/${action}`, validate(bareSchema), async (req, res) => {
      res.json(await service.step(idOf(req), accountOfCaller(res), { action }, actorOf(res), keyOf(req)));
    });
  }
  routes.post('/:id/update', validate(updateSchema), async (req, res) => {
    res.json(await service.step(idOf(req), accountOfCaller(res), { action: 'update', text: updateSchema.parse(req.body).alert }, actorOf(res), keyOf(req)));
  });
  routes.post('/:id/end', validate(endSchema), async (req, res) => {
    const { alert } = endSchema.parse(req.body ?? {});
    res.json(await service.step(idOf(req), accountOfCaller(res), { action: 'end', ...(alert === undefined ? {} : { text: alert }) }, actorOf(res), keyOf(req)));
  });
  routes.post('/:id/stop', validate(bareSchema), async (req, res) => {
    res.json(await service.stop(idOf(req), accountOfCaller(res), actorOf(res)));
  });
  routes.post('/:id/retry-failed', validate(bareSchema), async (req, res) => {
    res.json(await service.retryFailed(idOf(req), accountOfCaller(res), actorOf(res)));
  });
  return router;
}
