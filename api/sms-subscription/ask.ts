import type { Knex } from 'knex';
import { findAccount, subscriptionsOf } from '../../db/accounts';
import { appendAudit } from '../../db/audit';
import { holdUntilEnd, inTransaction } from '../../db/connection';
import { insertFlow } from '../../db/flows';
import { addConsent } from '../../db/sms-consents';
import { beginSubscription, isStillTheNumber, lockSubscriptions, moveSubscription, optInOf, type OptInFlow, type SubscriptionRow } from '../../db/sms-subscriptions';
import { smsNumberOf, type UserRow } from '../../db/users';
import { parseMobileNumber, type ParsedNumber } from '../../domain/phone';
import { isLive, optInLimits, type SmsProgram } from '../../domain/sms-subscription';
import { addressDigest, randomValueDigest } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { newHandle } from '../../security/secrets';
import { Problem } from '../problems';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Opt-ins that a person begins in 24 hours: each may send a text. */
const MOST_DAILY = 5;

interface AskDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly clock: () => number;
}

/** Who asks: the person, from an origin, or an administrator who invites. */
export type Asked = { readonly by: 'person'; readonly origin: string } | { readonly by: 'administrator'; readonly actor: string };

type Number = { readonly value: string; readonly e164: string; readonly country: string };

/** The number that a person's texts go to, or why there is none that can be used. */
export async function numberOf(db: Knex, user: UserRow): Promise<Number | Extract<ParsedNumber, { ok: false }>> {
  const value = (await smsNumberOf(db, user)) ?? '';
  const parsed = parseMobileNumber(value);
  return parsed.ok ? { value, e164: parsed.e164, country: parsed.country } : parsed;
}

/** @throws Problem `sms-services-missing` where the account has not subscribed to SMS Services */
export async function expectServices(db: Knex, accountCode: string): Promise<void> {
  const account = await findAccount(db, accountCode);
  if (!account || !subscriptionsOf(account).includes('sms-services')) throw new Problem('sms-services-missing');
}

/** @throws Problem `number-invalid` where there is no number, or none that can be used */
export async function expectNumber(db: Knex, user: UserRow): Promise<Number> {
  const number = await numberOf(db, user);
  if ('ok' in number) throw new Problem('number-invalid', { detail: `Ask your administrator to correct your mobile number. ${number.message}`, extra: { reason: number.reason } });
  return number;
}

/** What a person's request came to: the row, and the flow that is to run for it; null where there is nothing to run. */
export interface Begun {
  readonly row: SubscriptionRow;
  readonly flow: OptInFlow | null;
}

/**
 * Writes the rows of an opt-in, in one transaction. Who is subscribed, or has been asked already, with the number of
 * today, keeps what there is.
 * @throws Problem `too-many-requests`
 */
export async function beginRows(deps: AskDependencies, user: UserRow, program: SmsProgram, number: Number, asked: Asked): Promise<Begun> {
  const { db, keys, clock } = deps;
  return inTransaction(db, async (tx) => {
    await holdUntilEnd(tx, `sms-subscription/${user.id}`);
    const now = clock();
    const before = (await lockSubscriptions(tx, { user_id: user.id })).find((row) => row.program === program);
    if (before && isLive(before.state)) {
      const flow = await optInOf(tx, before);
      const holds = before.e164 === number.e164 && (await isStillTheNumber(tx, before));
      if (holds && before.state === 'active') return { row: before, flow: null };
      if (holds && flow?.outcome === null && flow.expires_at > now) return { row: before, flow };
      const why = holds ? { state: 'lapsed' as const } : { state: 'ended' as const, why: 'number-changed' as const };
      await moveSubscription(tx, before, why, { action: holds ? 'lapsed' : 'number-changed', source: 'clock' }, now);
    }
    const flow = newFlow(keys, user, asked, now);
    const [counted] = await tx('flows').where({ kind: 'sms-subscription', person: flow.person }).where('created_at', '>', now - DAY_MS).count<{ n: number | string }[]>({ n: '*' });
    if (Number(counted?.n ?? 0) >= MOST_DAILY) throw new Problem('too-many-requests', { headers: { 'Retry-After': String(DAY_MS / 1000) } });
    await insertFlow(tx, flow, []);
    const [invitedBy, origin] = asked.by === 'administrator' ? [asked.actor, null] : [null, asked.origin];
    const id = await beginSubscription(tx, { account_code: user.account_code, user_id: user.id, program, e164: number.e164, country: number.country, attribute_value: number.value, flow_id: flow.id, invited_by: invitedBy }, now);
    await addConsent(tx, {
      account_code: user.account_code, user_id: user.id, e164: number.e164, program, at: now, origin,
      action: invitedBy === null ? 'asked' : 'invited', source: invitedBy === null ? 'page' : 'administrator', actor: invitedBy ?? user.id,
    });
    await appendAudit(tx, { at: now, action: `sms-subscription.${invitedBy === null ? 'asked' : 'invited'}`, accountCode: user.account_code, flowId: flow.id, subject: user.id, details: { by: invitedBy ?? user.id } });
    return { row: (await lockSubscriptions(tx, { id }))[0]!, flow };
  });
}

function newFlow(keys: KeyRing, user: UserRow, asked: Asked, now: number): OptInFlow {
  const invited = asked.by === 'administrator';
  return {
    id: randomValueDigest(newHandle()), kind: 'sms-subscription', account_code: user.account_code, application: 'personal-portal', address: user.email, person: addressDigest(keys, user.email),
    user_id: user.id, initiated_by: invited ? 'administrator' : 'self', methods: 'sms', variant: null, step: invited ? 'invited' : 'enter-code', outcome: null, round: 1, silent: null,
    limits_checked: true, resend_at: null, asked_at: now, proven_at: null, created_at: now, expires_at: now + (invited ? optInLimits.invitationMs : optInLimits.confirmationMs), captcha: null,
  };
}
