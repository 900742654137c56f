import { Router, type Request, type Response } from 'express';
import { consentsOf, type ConsentRow } from '../../db/sms-consents';
import { countSubscriptions, listSubscriptions, type ListedSubscription } from '../../db/sms-subscription-lists';
import { findSubscription, type SubscriptionRow } from '../../db/sms-subscriptions';
import { isOptInEnding } from '../../domain/sms-subscription';
import { askSchema, consentQuery, invitationSchema, optInCodeSchema, subscriptionListQuery } from '../contract/sms-subscriptions';
import { csvLine } from '../csv';
import type { ApiDependencies } from '../dependencies';
import { iso } from '../iso';
import { accountOfCaller, callerLives, callerName, declared, mayReach, signedIn } from '../middleware/access';
import { validate, validateQuery } from '../middleware/validate';
import { Problem } from '../problems';
import { streamEnvelopes } from '../sse';

const keyOf = (req: Request): string | undefined => req.get('Idempotency-Key');
const originOf = (req: Request): string => req.ip ?? 'unknown';

const listed = (row: ListedSubscription) => ({ id: row.id, account: row.account_code, user: row.user_id, email: row.email, name: row.name, program: row.program, state: row.state, since: iso(row.since), endedWhy: row.ended_why, number: row.e164 });

const consent = (row: ConsentRow) => ({
  id: row.id, at: iso(row.at), action: row.action, source: row.source, program: row.program, number: row.e164, actor: row.actor, textVersion: row.text_version, origin: row.origin,
  keyword: row.keyword, inboundId: row.inbound_id,
});

/** Who opted in to what: for whom it is about, their administrators, and operators. */
export function smsSubscriptionRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'smsSubscriptions'>): Router {
  const { db, smsSubscriptions: service } = deps;
  const router = Router();
  const routes = declared(router, '/api', deps);

  /** @throws Problem `not-found` where there is none, or none for this caller */
  const reached = async (req: Request, res: Response): Promise<SubscriptionRow> => {
    const row = await findSubscription(db, String(req.params.id));
    if (!row || !mayReach(res, row)) throw new Problem('not-found', { detail: 'There is no subscription with this id.' });
    return row;
  };
  /** One's own: a number is confirmed by nobody else. */
  const own = async (req: Request, res: Response): Promise<SubscriptionRow> => {
    const row = await reached(req, res);
    if (row.user_id !== signedIn(res).user.id) throw new Problem('not-found', { detail: 'You have no subscription with this id.' });
    return row;
  };

  routes.get('/session/sms-subscriptions', async (_req, res) => {
    res.json(await service.own(signedIn(res).user));
  });
  routes.post('/sms-subscriptions', validate(askSchema), async (req, res) => {
    const made = await service.ask(signedIn(res).user, askSchema.parse(req.body ?? {}).program, originOf(req), keyOf(req));
    res.status(201).location(`/api/sms-subscriptions/${made.id}`).json(made);
  });
  routes.get('/sms-subscriptions', validateQuery(subscriptionListQuery), async (req, res) => {
    const query = subscriptionListQuery.parse(req.query);
    const account = accountOfCaller(res) ?? query.account;
    const { items, next } = await listSubscriptions(db, { ...query, account });
    res.json({ items: items.map(listed), next, counts: await countSubscriptions(db, account) });
  });
  routes.post('/sms-subscriptions/invitations', validate(invitationSchema), async (req, res) => {
    const { account, users, program } = invitationSchema.parse(req.body);
    if (account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: 'There is no account with this code.' });
    res.status(202).json(await service.invite(account, users, program, callerName(res)));
  });
  routes.get('/sms-subscriptions/:id', async (req, res) => {
    res.json(await service.view(await reached(req, res)));
  });
  routes.get('/sms-subscriptions/:id/events', async (req, res) => {
    const row = await reached(req, res);
    await streamEnvelopes(req, res, { load: () => service.again(row), ended: ({ step }) => isOptInEnding(step), lives: () => callerLives(deps, req, res) });
  });
  routes.post('/sms-subscriptions/:id/accept', async (req, res) => {
    res.json(await service.accept(await own(req, res), signedIn(res).user, originOf(req), keyOf(req)));
  });
  routes.post('/sms-subscriptions/:id/code', validate(optInCodeSchema), async (req, res) => {
    res.json(await service.code(await own(req, res), optInCodeSchema.parse(req.body).code, originOf(req), keyOf(req)));
  });
  routes.post('/sms-subscriptions/:id/remind', async (req, res) => {
    res.json(await service.remind(await own(req, res), keyOf(req)));
  });
  routes.post('/sms-subscriptions/:id/stop', async (req, res) => {
    const row = await reached(req, res);
    const actor = callerName(res);
    res.json(await service.stop(row, { source: actor === row.user_id ? 'page' : 'administrator', actor, origin: originOf(req) }));
  });
  routes.get('/sms-subscriptions/:id/consents', validateQuery(consentQuery), async (req, res) => {
    const row = await reached(req, res);
    const consents = (await consentsOf(db, row.user_id, row.program)).map(consent);
    if (consentQuery.parse(req.query).format === 'json') return void res.json(consents);
    const columns = ['id', 'at', 'action', 'source', 'program', 'number', 'actor', 'textVersion', 'origin', 'keyword', 'inboundId'] as const;
    res.attachment(`consents-${row.id}.csv`).type('text/csv').send(csvLine(columns) + consents.map((each) => csvLine(columns.map((column) => each[column]))).join(''));
  });
  return router;
}
