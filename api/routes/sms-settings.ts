import { Router, type Request, type Response } from 'express';
import { checkedValues, findNumberCheck, latestNumberChecks, type CheckedValue, type NumberCheckRow } from '../../db/number-checks';
import { reasonTexts } from '../../domain/number-check';
import { attributeSchema, checkedValuesQuery, numberCheckSchema, ofAccountQuery, smsSettingsSchema, usageQuery } from '../contract/sms-settings';
import { csvLine } from '../csv';
import type { ApiDependencies } from '../dependencies';
import { iso } from '../iso';
import { accountOfCaller, callerLives, callerName, declared } from '../middleware/access';
import { validate, validateQuery } from '../middleware/validate';
import { Problem } from '../problems';
import { streamEnvelopes } from '../sse';

const MOST_CHECKS = 10;
const CSV_PAGE = 1_000;

const checkView = (row: NumberCheckRow) => ({
  id: row.id, account: row.account_code, attribute: row.attribute, defaultCountry: row.default_country, state: row.state, total: row.total, lookedAt: row.looked_at, usable: row.usable, proposed: row.proposed,
  unusable: row.unusable, applied: row.applied, createdAt: iso(row.created_at),
});
const valueView = (row: CheckedValue) => ({ user: row.user_id, email: row.email, name: row.name, value: row.value, proposal: row.proposal, reason: row.reason, text: reasonTexts[row.reason] });

/** The SMS Dashboard's side of the API: an administrator's own account, any for operators. */
export function smsSettingsRoutes(deps: Pick<ApiDependencies, 'db' | 'clock' | 'smsSettings'>): Router {
  const { db, smsSettings: service } = deps;
  const router = Router();
  const routes = declared(router, '/api', deps);

  /** @throws Problem `not-found` where an administrator names another account */
  const own = (res: Response, account: string): string => {
    if (account !== (accountOfCaller(res) ?? account)) throw new Problem('not-found', { detail: 'There is no account with this code.' });
    return account;
  };
  /** The account of a question. @throws Problem `invalid-request` where an operator names none */
  const asked = (req: Request, res: Response): string => {
    const account = ofAccountQuery.parse(req.query).account ?? accountOfCaller(res);
    if (account === undefined) throw new Problem('invalid-request', { extra: { errors: [{ path: 'account', message: 'must be named by operators' }] } });
    return own(res, account);
  };
  const checkOf = async (req: Request, res: Response): Promise<NumberCheckRow> => {
    const row = await findNumberCheck(db, String(req.params.id));
    if (!row || row.account_code !== (accountOfCaller(res) ?? row.account_code)) throw new Problem('not-found', { detail: 'There is no check of numbers with this id.' });
    return row;
  };
  const again = async ({ id }: NumberCheckRow) => checkView((await findNumberCheck(db, id))!);

  routes.get('/sms-settings', validateQuery(ofAccountQuery), async (req, res) => {
    res.json(await service.read(asked(req, res)));
  });
  routes.put('/sms-settings', validate(smsSettingsSchema), async (req, res) => {
    const input = smsSettingsSchema.parse(req.body);
    own(res, input.account);
    res.json(await service.save(input, callerName(res)));
  });
  routes.get('/sms-settings/attributes', validateQuery(ofAccountQuery), async (req, res) => {
    res.json(await service.attributes(asked(req, res)));
  });
  routes.post('/sms-settings/attributes', validate(attributeSchema), async (req, res) => {
    const { account, ...attribute } = attributeSchema.parse(req.body);
    res.status(201).json(await service.define(own(res, account), attribute, callerName(res)));
  });
  routes.get('/sms-settings/number-checks', validateQuery(ofAccountQuery), async (req, res) => {
    res.json((await latestNumberChecks(db, asked(req, res), MOST_CHECKS)).map(checkView));
  });
  routes.post('/sms-settings/number-checks', validate(numberCheckSchema), async (req, res) => {
    const input = numberCheckSchema.parse(req.body);
    own(res, input.account);
    const made = await service.check(input, callerName(res));
    res.status(202).location(`/api/sms-settings/number-checks/${made.id}`).json(checkView(made));
  });
  routes.get('/sms-settings/number-checks/:id', async (req, res) => {
    res.json(checkView(await checkOf(req, res)));
  });
  routes.get('/sms-settings/number-checks/:id/events', async (req, res) => {
    const row = await checkOf(req, res);
    await streamEnvelopes(req, res, { load: () => again(row), ended: ({ state }) => state === 'done' || state === 'applied', lives: () => callerLives(deps, req, res) });
  });
  routes.get('/sms-settings/number-checks/:id/values', validateQuery(checkedValuesQuery), async (req, res) => {
    const row = await checkOf(req, res);
    const { format, limit, ...query } = checkedValuesQuery.parse(req.query);
    if (format === 'csv') return sendCsv(res, row, query.outcome);
    const values = await checkedValues(db, row.id, { ...query, limit: limit + 1 });
    res.json({ items: values.slice(0, limit).map(valueView), next: values.length > limit ? values[limit - 1]!.user_id : null });
  });
  routes.post('/sms-settings/number-checks/:id/apply', async (req, res) => {
    res.status(202).json(checkView(await service.apply(await checkOf(req, res), callerName(res))));
  });
  routes.get('/sms-usage', validateQuery(usageQuery), async (req, res) => {
    res.json(await service.usage(asked(req, res), usageQuery.parse(req.query)));
  });

  /** All of them, a page at a time: a reader that is slow holds up nothing but itself. */
  async function sendCsv(res: Response, { id }: NumberCheckRow, outcome: 'proposed' | 'unusable' | undefined): Promise<void> {
    res.attachment(`numbers-${id}.csv`).type('text/csv');
    res.write(csvLine(['email', 'name', 'value', 'proposal', 'reason']));
    let after: string | undefined;
    do {
      const page: CheckedValue[] = await checkedValues(db, id, { outcome, after, limit: CSV_PAGE });
      after = page.length === CSV_PAGE ? page.at(-1)!.user_id : undefined;
      const taken = res.write(page.map((row) => csvLine([row.email, row.name, row.value, row.proposal, reasonTexts[row.reason]])).join(''));
      if (!taken && !res.destroyed) await new Promise((resolve) => res.once('drain', resolve).once('close', resolve));
    } while (after !== undefined && !res.destroyed);
    res.end();
  }
  return router;
}
