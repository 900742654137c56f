import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { isMarked } from '../../db/sms-settings';
import { findSubscription, lockSubscriptions, moveSubscription, optInOf, subscriptionOf, type OptInFlow, type SubscriptionRow } from '../../db/sms-subscriptions';
import { findUser, type UserRow } from '../../db/users';
import { isLive, smsPrograms, type SmsProgram } from '../../domain/sms-subscription';
import { programNames, programTerms } from '../../domain/sms-texts';
import { candidateDigests } from '../../security/digests';
import type { KeyRing } from '../../security/keys';
import { smsSubscriptionWorkflowId } from '../../temporal.config';
import { acceptUpdate, enterCodeUpdate, remindUpdate } from '../../workflows/sms-subscription/messages';
import { answerTo, EngineRefusal, sendBareStep, sendStep, updateIdFor } from '../engine';
import { Problem } from '../problems';
import { beginRows, expectNumber, expectServices, numberOf, type Asked } from './ask';
import { begin, tellEnded } from './engine';
import { envelopeOf, numberView, type SubscriptionEnvelope } from './view';

export interface SubscriptionDependencies {
  readonly db: Knex;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly clock: () => number;
  /** The number that texts of recurring programs come from. */
  readonly sender: string;
}

type Skipped = 'not-found' | 'disabled' | 'no-number' | 'number-refused' | 'subscribed' | 'stopped';

/** With these a step is refused that was taken before. */
const OUT_OF_ORDER = [409, 410, 429];

const OVER = { active: 'flow-done', lapsed: 'flow-expired', ended: 'flow-cancelled' } as const;

/** Opting in to recurring programs. Every method answers what the contract says, or throws a `Problem`. */
export function createSubscriptionService(deps: SubscriptionDependencies) {
  const { db, keys, clock, temporal } = deps;

  const view = (row: SubscriptionRow): Promise<SubscriptionEnvelope> => envelopeOf(db, row, deps.sender);

  /** The opt-in under way, at one of these steps. @throws Problem 410 where there is none, 409 where it is elsewhere */
  async function underWay(row: SubscriptionRow, ...steps: readonly string[]): Promise<OptInFlow> {
    const flow = await optInOf(db, row);
    if (row.state !== 'pending' || !flow) throw new Problem(OVER[row.state === 'pending' ? 'lapsed' : row.state]);
    if (flow.expires_at <= clock()) throw new Problem('flow-expired');
    if (!steps.includes(flow.step)) throw new Problem('wrong-step', { detail: `This opt-in is at the step "${flow.step}".` });
    return flow;
  }

  /** Runs a step; where the workflow refuses it, says why by the row as it is now. */
  async function translated<T>(row: SubscriptionRow, step: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineRefusal)) throw error;
      if (error.type === 'resend-too-soon' || error.type === 'no-resend-left') throw new Problem(error.type, error.type === 'resend-too-soon' ? { headers: { 'Retry-After': '60' } } : {});
      await underWay((await findSubscription(db, row.id))!, step);
      throw new Problem(error.type === 'wrong-step' ? 'wrong-step' : 'request-in-progress');
    }
  }

  /**
   * Takes a step; where it is refused only because this very request took it before, it is answered as it was then. That
   * answer is lost when its process is killed, or when the engine takes longer than the caller waits.
   */
  async function once<T>(row: SubscriptionRow, action: 'accept' | 'code' | 'remind', key: string | undefined, take: (updateId: string) => Promise<T>): Promise<T> {
    const updateId = updateIdFor(keys, row.id, action, key);
    try {
      return await take(updateId);
    } catch (refusal) {
      const mayBeRepeat = key !== undefined && row.flow_id !== null && refusal instanceof Problem && OUT_OF_ORDER.includes(refusal.status);
      const first = mayBeRepeat ? await answerTo<T>(temporal, smsSubscriptionWorkflowId(row.flow_id!), updateId) : null;
      if (first === null) throw refusal;
      return first;
    }
  }

  async function again(row: SubscriptionRow): Promise<SubscriptionEnvelope> {
    return view((await findSubscription(db, row.id))!);
  }

  async function accept(row: SubscriptionRow, user: UserRow, origin: string, key?: string): Promise<SubscriptionEnvelope> {
    await expectServices(db, row.account_code);
    const number = await expectNumber(db, user);
    // The number is another one than that which was invited: what is confirmed is the one of today.
    if (number.e164 !== row.e164) return ask(user, row.program, origin);
    await once(row, 'accept', key, async (updateId) => {
      const flow = await underWay(row, 'invited');
      await begin(temporal, flow, row);
      return translated(row, 'invited', () => sendStep(temporal, smsSubscriptionWorkflowId(flow.id), acceptUpdate, updateId, { origin }));
    });
    return again(row);
  }

  /** A person asks for themselves. Who was invited accepts by asking. */
  async function ask(user: UserRow, program: SmsProgram, origin: string, key?: string): Promise<SubscriptionEnvelope> {
    await expectServices(db, user.account_code);
    const number = await expectNumber(db, user);
    if (await isMarked(db, number.e164)) throw new Problem('number-invalid', { detail: 'No text can be delivered to your number. Ask your administrator to correct it.', extra: { reason: 'refused' } });
    const { row, flow } = await beginRows(deps, user, program, number, { by: 'person', origin });
    if (flow?.step === 'invited') return accept(row, user, origin, key);
    if (flow) await begin(temporal, flow, row);
    return again(row);
  }

  async function code(row: SubscriptionRow, typed: string, origin: string, key?: string): Promise<SubscriptionEnvelope> {
    const verdict = await once(row, 'code', key, async (updateId) => {
      const flow = await underWay(row, 'enter-code');
      const digests = candidateDigests(keys, 'opt-in-code', { person: flow.person, flowId: flow.id, round: flow.round }, typed);
      return translated(row, 'enter-code', () => sendStep(temporal, smsSubscriptionWorkflowId(flow.id), enterCodeUpdate, updateId, { digests, origin }));
    });
    if (verdict.result === 'wrong') throw new Problem('secret-wrong', { extra: { attemptsLeft: verdict.attemptsLeft } });
    if (verdict.result === 'locked') throw new Problem('flow-locked', { detail: 'This code takes no more entries. Reply YES to the text message instead.' });
    if (verdict.result === 'ended' && verdict.outcome !== 'active') throw new Problem(OVER[verdict.outcome]);
    return again(row);
  }

  async function remind(row: SubscriptionRow, key?: string): Promise<SubscriptionEnvelope> {
    await once(row, 'remind', key, async (updateId) => {
      const flow = await underWay(row, 'enter-code');
      return translated(row, 'enter-code', () => sendBareStep(temporal, smsSubscriptionWorkflowId(flow.id), remindUpdate, updateId));
    });
    return again(row);
  }

  /** Ends it, for good or until it is asked for again. What has ended stays as it is. */
  async function stop(row: SubscriptionRow, by: { source: 'page' | 'administrator'; actor: string; origin: string }): Promise<SubscriptionEnvelope> {
    const ended = await inTransaction(db, async (tx) => {
      const [now] = await lockSubscriptions(tx, { id: row.id });
      if (!now || !isLive(now.state)) return undefined;
      await moveSubscription(tx, now, { state: 'ended', why: 'stopped' }, { action: 'stopped', ...by }, clock());
      await appendAudit(tx, { at: clock(), action: 'sms-subscription.stop', accountCode: row.account_code, flowId: row.flow_id, subject: row.user_id, details: { by: by.actor } });
      return now;
    });
    if (ended) await tellEnded(temporal, ended);
    return again(row);
  }

  /** Why somebody is not invited; the number to invite where they are. */
  async function invitable(id: string, account: string, program: SmsProgram): Promise<Skipped | { user: UserRow; number: Awaited<ReturnType<typeof expectNumber>> }> {
    const user = await findUser(db, id);
    if (!user || user.account_code !== account) return 'not-found';
    if (user.status !== 'active') return 'disabled';
    const number = await numberOf(db, user);
    if ('ok' in number) return 'no-number';
    if (await isMarked(db, number.e164)) return 'number-refused';
    const row = await subscriptionOf(db, id, program);
    if (row?.state === 'active' && row.e164 === number.e164) return 'subscribed';
    // Whoever said STOP asks again by themselves.
    return row?.ended_why === 'stopped' || row?.ended_why === 'provider-opt-out' ? 'stopped' : { user, number };
  }

  async function invite(account: string, users: readonly string[], program: SmsProgram, actor: string): Promise<{ invited: number; skipped: { user: string; why: Skipped }[] }> {
    await expectServices(db, account);
    const asked: Asked = { by: 'administrator', actor };
    const skipped: { user: string; why: Skipped }[] = [];
    let invited = 0;
    for (const id of new Set(users)) {
      const found = await invitable(id, account, program);
      if (typeof found === 'string') skipped.push({ user: id, why: found });
      else {
        const { row, flow } = await beginRows(deps, found.user, program, found.number, asked);
        if (flow) await begin(temporal, flow, row);
        invited += 1;
      }
    }
    return { invited, skipped };
  }

  /** Each program, and where a person stands. */
  async function own(user: UserRow): Promise<unknown[]> {
    const why = await expectServices(db, user.account_code).then(() => null, () => 'Your organisation has no SMS Services. Codes by text message work without them.');
    const number = await numberOf(db, user);
    return Promise.all(smsPrograms.map(async (program) => {
      const row = await subscriptionOf(db, user.id, program);
      const unusable = 'ok' in number ? `Ask your administrator to correct your mobile number. ${number.message}` : null;
      return {
        program, name: programNames[program], terms: programTerms(program), available: why === null && unusable === null, why: why ?? unusable,
        number: 'ok' in number ? null : numberView(number.e164, number.country), subscription: row ? await view(row) : null,
      };
    }));
  }

  return { view, again, ask, accept, code, remind, stop, invite, own };
}

export type SubscriptionService = ReturnType<typeof createSubscriptionService>;
