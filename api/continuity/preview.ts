import { countSecondAddresses, previewAudience } from '../../db/continuity-audience';
import { mergeFields, renderAlert } from '../../domain/continuity/alerts';
import { costOf } from '../../domain/sms-prices';
import { smsLength } from '../../domain/sms-segments';
import type { z } from '../contract/zod';
import type { previewSchema } from '../contract/continuity';
import type { ContinuityDependencies } from './dependencies';
import { draftFacts } from './draft-facts';
import { accountWithSms, groupsNamed } from './find';

/** Who would get an event's notices now, who would not and why, what they would look like to one person, and what they are estimated to cost. */
export async function previewOf({ db, clock, publicUrl, prices, smsCountries }: ContinuityDependencies, body: z.infer<typeof previewSchema>) {
  const account = await accountWithSms(db, body.account);
  const groups = await groupsNamed(db, account.code, body.groups);
  const { people, subscribed, countries, without } = await previewAudience(db, account.code, groups.map(({ id }) => id), smsCountries);
  const facts = await draftFacts(db, account, body, clock());
  const shown = (text: string) => {
    const rendered = renderAlert(text, { facts, publicUrl, reader: { name: 'Alex Example', language: null, timeZone: null } });
    return { text: rendered, ...smsLength(rendered) };
  };
  const [start, end] = [shown(body.alerts.start), body.alerts.end ? shown(body.alerts.end) : null];
  const each = start.segments + (end?.segments ?? 0);
  return {
    people, recipients: subscribed, addresses: await countSecondAddresses(db, account.code, groups.map(({ id }) => id)), without: Object.entries(without).flatMap(([why, count]) => (count > 0 ? [{ why, count }] : [])),
    alerts: { start, end }, segments: subscribed * each,
    cost: costOf(prices, countries.map((to) => ({ country: to.country, segments: to.people * each }))), currency: prices.currency, fields: mergeFields,
  };
}
