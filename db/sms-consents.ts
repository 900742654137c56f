import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { ConsentAction, ConsentSource, SmsProgram } from '../domain/sms-subscription';

/** One piece of evidence of what somebody consented to or revoked: who, when, which text, from where. */
export interface Consent {
  readonly account_code: string;
  readonly user_id: string;
  readonly e164: string;
  readonly program: SmsProgram;
  readonly action: ConsentAction;
  readonly source: ConsentSource;
  readonly actor?: string | null;
  readonly at: number;
  readonly text_version?: string | null;
  readonly origin?: string | null;
  readonly keyword?: string | null;
  readonly inbound_id?: string | null;
}

export type ConsentRow = Required<Consent> & { readonly seq: number; readonly id: string };

/** Adds evidence. Nothing changes or deletes it. */
export async function addConsent(tx: Knex, consent: Consent): Promise<void> {
  await tx('sms_consents').insert({ id: randomUUID(), ...consent });
}

/** A person's evidence of a program, in the order in which it was given. */
export async function consentsOf(db: Knex, userId: string, program: SmsProgram): Promise<ConsentRow[]> {
  return db<ConsentRow>('sms_consents').where({ user_id: userId, program }).orderBy('seq');
}
