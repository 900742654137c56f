import type { Knex } from 'knex';
import type { ResetVariant } from '../domain/password-reset';
import type { FlowKind } from './flows';

export type SecretPurpose = ResetVariant | 'passcode' | 'opt-in-code';

/** What each journey sends: asking for a reset ends nobody's sign-in, and the other way round. */
const PURPOSES: Record<FlowKind, readonly SecretPurpose[]> = { 'password-reset': ['code', 'link', 'temporary-password'], 'sign-in': ['passcode'], 'sms-subscription': ['opt-in-code'] };

/** `unsent`: nobody was sent it, so it can only be answered wrongly. */
export type SecretState = 'live' | 'unsent' | 'consumed' | 'superseded' | 'expired' | 'locked' | 'proven';

export interface SecretRow<Purpose extends SecretPurpose = ResetVariant> {
  flow_id: string;
  round: number;
  purpose: Purpose;
  person: string;
  key_id: string;
  digest: string;
  state: SecretState;
  wrong: number;
  expires_at: number;
}

export async function insertSecret(tx: Knex, secret: SecretRow<SecretPurpose>): Promise<void> {
  await tx('flow_secrets').insert(secret);
}

export async function secretsOf(db: Knex, flowId: string): Promise<SecretRow[]> {
  return db<SecretRow>('flow_secrets').where({ flow_id: flowId }).orderBy('round');
}

export async function secretOf<Purpose extends SecretPurpose = ResetVariant>(db: Knex, flowId: string, round: number): Promise<SecretRow<Purpose> | undefined> {
  return db('flow_secrets').where({ flow_id: flowId, round }).first<SecretRow<Purpose> | undefined>();
}

/** Codes asked for in a person's name, sent or not, that were valid after `since`; without those that a limit of requests refused. */
export async function countCodes(db: Knex, person: string, since: number): Promise<number> {
  const row = await db('flow_secrets').join('flows', 'flows.id', 'flow_secrets.flow_id').where({ 'flow_secrets.person': person, 'flow_secrets.purpose': 'code' })
    .whereNull('flows.silent').where('flow_secrets.expires_at', '>', since).count<{ n: number | string }[]>({ n: '*' });
  return Number(row[0]?.n ?? 0);
}

/** Moves a secret on, only from the state it was read in. Returns whether this caller did it. */
export async function moveSecret(tx: Knex, secret: SecretRow<SecretPurpose>, to: SecretState): Promise<boolean> {
  return (await tx('flow_secrets').where({ flow_id: secret.flow_id, round: secret.round, state: secret.state }).update({ state: to })) === 1;
}

/** Ends every secret of a person's journey that is still out: a new one was asked for, or the password was set. */
export async function endSecretsOf(tx: Knex, person: string, kind: FlowKind = 'password-reset'): Promise<void> {
  await tx('flow_secrets').where({ person, state: 'live' }).whereIn('purpose', PURPOSES[kind]).update({ state: 'superseded' });
}

/** Ends a flow's secrets that are still out, with the flow. */
export async function endSecretsOfFlow(tx: Knex, flowId: string, state: SecretState): Promise<void> {
  await tx('flow_secrets').where({ flow_id: flowId, state: 'live' }).update({ state });
}

/** The person's live temporary password, whichever flow sent it: typed on another device, there is no handle to go by. */
export async function liveTemporaryPassword(db: Knex, person: string, now: number): Promise<SecretRow | undefined> {
  return db<SecretRow>('flow_secrets').where({ person, purpose: 'temporary-password', state: 'live' }).where('expires_at', '>', now).first();
}

/** The temporary password that a person proved themselves with last. */
export async function consumedTemporaryPassword(db: Knex, person: string): Promise<SecretRow | undefined> {
  return db<SecretRow>('flow_secrets').where({ person, purpose: 'temporary-password', state: 'consumed' }).orderBy('expires_at', 'desc').first();
}
