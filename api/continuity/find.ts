import type { Knex } from 'knex';
import { findAccount, subscriptionsOf, type AccountRow } from '../../db/accounts';
import { findEvent, type ChosenGroup, type ContinuityEvent, type EventRow } from '../../db/continuity-events';
import { smsSettingsOf } from '../../db/sms-settings';
import { Problem } from '../problems';
import type { ContinuityDependencies } from './dependencies';

/** An event; of another account there is none. @throws Problem `not-found` */
export async function findOr404({ db }: Pick<ContinuityDependencies, 'db'>, id: string, account: string | undefined): Promise<ContinuityEvent> {
  const event = await findEvent(db, id);
  if (!event || event.row.account_code !== (account ?? event.row.account_code)) throw new Problem('not-found', { detail: 'There is no continuity event with this id.' });
  return event;
}

/** An account that may send notices. @throws Problem `not-found`, `sms-services-missing` */
export async function accountWithSms(db: Knex, code: string): Promise<AccountRow> {
  const account = await findAccount(db, code);
  if (!account) throw new Problem('not-found', { detail: 'There is no account with this code.' });
  if (!subscriptionsOf(account).includes('sms-services')) throw new Problem('sms-services-missing');
  return account;
}

/** @throws Problem `invalid-request` where no attribute holds second addresses: nobody would get an e-mail */
export async function expectEmailAttribute(db: Knex, account: string): Promise<void> {
  if ((await smsSettingsOf(db, account)).email_attribute !== null) return;
  throw new Problem('invalid-request', { extra: { errors: [{ path: 'byEmail', message: 'cannot be: choose first, in the SMS Dashboard, the attribute that holds second addresses' }] } });
}

/** Groups of an account by their names. @throws Problem `invalid-request` that names those it does not have */
export async function groupsNamed(db: Knex, account: string, names: readonly string[]): Promise<ChosenGroup[]> {
  const found = await db('groups').where({ account_code: account }).whereIn('name', names).select<ChosenGroup[]>('id', 'name');
  const errors = names.flatMap((name, index) => (found.some((group) => group.name === name) ? [] : [{ path: `groups.${index}`, message: 'The account has no group of this name.' }]));
  if (errors.length > 0) throw new Problem('invalid-request', { extra: { errors } });
  return found.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** The problem that says how an event ended, or that it is at another step. */
export function notOffered({ state }: Pick<EventRow, 'state'>): Problem {
  if (state === 'ended') return new Problem('flow-done', { detail: 'This event has ended.' });
  if (state === 'cancelled') return new Problem('flow-cancelled', { detail: 'This event was cancelled.' });
  return new Problem('wrong-step', { detail: `This event is ${state.replace('-', ' ')}.` });
}
