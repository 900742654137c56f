import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { findAccount, subscriptionsOf, updateAccount, type AccountRow } from '../../db/accounts';
import { attributesOf, defineAttribute, type Attribute } from '../../db/attribute-definitions';
import { appendAudit } from '../../db/audit';
import { inTransaction } from '../../db/connection';
import { beginApplying, findNumberCheck, insertNumberCheck, type NumberCheckRow } from '../../db/number-checks';
import { saveSmsSettings, smsSettingsOf } from '../../db/sms-settings';
import { smsUsage } from '../../db/sms-usage';
import { costOf, type SmsPrices } from '../../domain/sms-prices';
import { numberCheckWorkflowId, TASK_QUEUE } from '../../temporal.config';
import { NUMBER_CHECK, type NumberCheckInput } from '../../workflows/number-check/messages';
import type { SmsSettingsInput } from '../contract/sms-settings';
import { withDeadline } from '../engine';
import { Problem } from '../problems';

export interface SmsSettingsDependencies {
  readonly db: Knex;
  readonly temporal: Client;
  readonly clock: () => number;
  /** What the installation allows. */
  readonly limits: { readonly countries: readonly string[]; readonly codesDaily: number; readonly perNumberDaily: number };
  readonly prices: SmsPrices;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_DAYS = 366;
const SHOWN_DAYS = 30;

/** The settings of an account's texts, what its numbers are worth, and what was sent. */
export function createSmsSettingsService(deps: SmsSettingsDependencies) {
  const { db, clock, temporal, prices } = deps;

  async function accountOf(code: string): Promise<AccountRow> {
    const account = await findAccount(db, code);
    if (!account) throw new Problem('not-found', { detail: 'There is no account with this code.' });
    return account;
  }

  /** Why no notices can be sent; null where they can. */
  function whyNot(account: AccountRow): string | null {
    if (!subscriptionsOf(account).includes('sms-services')) return 'Your subscription does not include SMS Services. Two-step authentication and password reset by SMS work without it.';
    return account.sms_attribute === null ? 'No attribute is chosen that holds the SMS number.' : null;
  }

  async function read(code: string) {
    const account = await accountOf(code);
    const settings = await smsSettingsOf(db, code);
    const why = whyNot(account);
    return {
      account: code, attribute: account.sms_attribute, emailAttribute: settings.email_attribute, defaultCountry: settings.default_country, countries: settings.countries, dailyCap: settings.daily_cap, codesDailyCap: settings.codes_daily_cap,
      approvalRequired: Boolean(settings.approval_required), quietHours: settings.quiet_from && settings.quiet_to ? { from: settings.quiet_from, to: settings.quiet_to } : null,
      attributeLabel: (await attributesOf(db, code)).find(({ name }) => name === account.sms_attribute)?.label ?? null,
      services: subscriptionsOf(account).includes('sms-services'), notices: { available: why === null, why }, limits: deps.limits,
    };
  }

  /** @throws Problem `invalid-request` where the account's users have no such attribute */
  async function expectAttribute(code: string, name: string, path: 'attribute' | 'emailAttribute' = 'attribute'): Promise<void> {
    if ((await attributesOf(db, code)).some((known) => known.name === name)) return;
    throw new Problem('invalid-request', { extra: { errors: [{ path, message: 'must be an attribute of the users: define it first' }] } });
  }

  async function save(input: SmsSettingsInput, by: string) {
    const before = await accountOf(input.account);
    if (input.attribute !== null) await expectAttribute(input.account, input.attribute);
    if (input.emailAttribute) await expectAttribute(input.account, input.emailAttribute, 'emailAttribute');
    const { email_attribute: emailBefore } = await smsSettingsOf(db, input.account);
    await inTransaction(db, async (tx) => {
      await updateAccount(tx, input.account, { sms_attribute: input.attribute });
      await saveSmsSettings(tx, input.account, {
        default_country: input.defaultCountry, daily_cap: input.dailyCap, codes_daily_cap: input.codesDailyCap, approval_required: input.approvalRequired,
        quiet_from: input.quietHours?.from ?? null, quiet_to: input.quietHours?.to ?? null, email_attribute: input.emailAttribute === undefined ? emailBefore : input.emailAttribute, countries: [...new Set(input.countries)],
      }, clock());
      await appendAudit(tx, { at: clock(), action: 'sms-settings.changed', accountCode: input.account, details: { by, attribute: input.attribute, attributeBefore: before.sms_attribute, approvalRequired: input.approvalRequired } });
    });
    return read(input.account);
  }

  async function define(code: string, attribute: Pick<Attribute, 'name' | 'label'>, by: string): Promise<Attribute[]> {
    await accountOf(code);
    await inTransaction(db, async (tx) => {
      if (!(await defineAttribute(tx, code, attribute))) throw new Problem('already-exists');
      await appendAudit(tx, { at: clock(), action: 'user-attribute.defined', accountCode: code, details: { by, name: attribute.name } });
    });
    return attributesOf(db, code);
  }

  async function run(check: NumberCheckRow, work: NumberCheckInput['work']): Promise<void> {
    await withDeadline(temporal, () => temporal.workflow.start(NUMBER_CHECK, {
      workflowId: numberCheckWorkflowId(check.id, work), taskQueue: TASK_QUEUE, args: [{ checkId: check.id, work } satisfies NumberCheckInput], workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `${work === 'look' ? 'Looking at' : 'Correcting'} the numbers of account ${check.account_code}`,
      staticDetails: 'How far it is stands in the table `number_checks`.',
    }));
  }

  async function check(input: { account: string; attribute: string; defaultCountry: string | null }, by: string): Promise<NumberCheckRow> {
    await accountOf(input.account);
    await expectAttribute(input.account, input.attribute);
    const made = await inTransaction(db, async (tx) => {
      const row = await insertNumberCheck(tx, { account_code: input.account, attribute: input.attribute, default_country: input.defaultCountry }, clock());
      await appendAudit(tx, { at: clock(), action: 'number-check.begun', accountCode: input.account, subject: row.id, details: { by, attribute: input.attribute } });
      return row;
    });
    await run(made, 'look');
    return made;
  }

  /** Applies what a check proposes. A repeat, or one whose engine was away, goes on with what was confirmed. */
  async function apply(row: NumberCheckRow, by: string): Promise<NumberCheckRow> {
    const began = await inTransaction(db, async (tx) => {
      if (!(await beginApplying(tx, row.id, clock()))) return false;
      await appendAudit(tx, { at: clock(), action: 'number-check.applied', accountCode: row.account_code, subject: row.id, details: { by, attribute: row.attribute, proposals: row.proposed } });
      return true;
    });
    const now = (await findNumberCheck(db, row.id))!;
    if (!began && now.state === 'running') throw new Problem('wrong-step', { detail: 'The check is still under way.' });
    if (now.state === 'applying') await run(now, 'apply');
    return now;
  }

  async function usage(code: string, asked: { from?: string | undefined; to?: string | undefined }) {
    await accountOf(code);
    const to = (asked.to === undefined ? clock() - (clock() % DAY_MS) : Date.parse(asked.to)) + DAY_MS;
    const from = Math.max(asked.from === undefined ? to - SHOWN_DAYS * DAY_MS : Date.parse(asked.from), to - MOST_DAYS * DAY_MS);
    const rows = await smsUsage(db, code, from, to);
    const days = rows.map(({ day, byCountry, ...row }) => ({ day: isoDate(day), ...row, cost: costOf(prices, byCountry) }));
    const sum = (key: 'sent' | 'delivered' | 'failed' | 'refused' | 'blocked' | 'segments'): number => days.reduce((total, row) => total + row[key], 0);
    return {
      from: isoDate(from), to: isoDate(to - DAY_MS), currency: prices.currency, pricePerSegment: prices.standard, prices: prices.byCountry, days,
      totals: { sent: sum('sent'), delivered: sum('delivered'), failed: sum('failed'), refused: sum('refused'), blocked: sum('blocked'), segments: sum('segments'), cost: costOf(prices, rows.flatMap(({ byCountry }) => byCountry)) },
    };
  }

  return { read, save, define, check, apply, usage, attributes: async (code: string) => attributesOf(db, (await accountOf(code)).code) };
}

function isoDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export type SmsSettingsService = ReturnType<typeof createSmsSettingsService>;
