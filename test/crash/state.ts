import type { Knex } from 'knex';
import type { AccountRow } from '../../db/accounts';
import { firstBrokenAuditRecord } from '../../db/audit';
import type { FlowRow } from '../../db/flows';
import type { MessageRow } from '../../db/messages';
import type { OnboardingRow, TaskRow } from '../../db/onboardings';
import type { SubscriptionRow } from '../../db/sms-subscriptions';
import type { UserRow } from '../../db/users';

/**
 * Everything that a journey leaves in the database, but for what may differ from one undisturbed run to the next: random
 * ids and secrets, and how often and when a message was tried.
 */
export async function stateOf(db: Knex) {
  const messages = await db<MessageRow>('messages').orderBy(['created_at', 'purpose', 'recipient']).select('flow_id', 'purpose', 'round', 'channel', 'recipient', 'state', 'sealed', 'expires_at');
  const staged = await db<{ id: string; hash: string }>('staged_passwords').orderBy('id').select('id', 'hash');
  const users = await db<UserRow>('users').orderBy('id').select('id', 'password_hash', 'password_changed_at', 'password_temporary', 'password_expires_at');
  const tasks = await db<TaskRow>('onboarding_tasks').orderBy(['account_code', 'task']);
  return {
    flows: await db<FlowRow>('flows').orderBy('id').select('id', 'step', 'outcome', 'round', 'silent', 'expires_at', 'resend_at', 'asked_at', 'proven_at'),
    handles: await db('flow_handles').orderBy('digest').select('digest', 'flow_id', 'role', 'frozen'),
    secrets: await db('flow_secrets').orderBy(['flow_id', 'round']).select('flow_id', 'round', 'purpose', 'state', 'wrong', 'expires_at'),
    verdicts: await db('proof_attempts').orderBy(['flow_id', 'update_id']).select('flow_id', 'update_id', 'verdict'),
    failures: await db('code_failures').orderBy('person').select('*'),
    messages: messages.map(({ sealed, ...message }) => ({ ...message, holdsItsText: sealed !== null })),
    staged: staged.map(({ id, hash }) => ({ id, holdsAHash: hash !== '' })),
    // One that was supplied is another one in each run.
    users: users.map((user) => (user.password_temporary ? { ...user, password_hash: user.password_hash === null ? null : 'supplied' } : user)),
    sessions: await db('sessions').orderBy('digest').select('digest', 'flow_id', 'assurance', 'expires_at', 'ended_at', 'ended_why'),
    signIns: await db('sign_ins').orderBy('flow_id').select('flow_id', 'position', 'phone', 'resends_left', 'wrong'),
    passed: await db('sign_in_stages').orderBy(['flow_id', 'stage']).select('*'),
    factors: await db('user_factors').orderBy(['user_id', 'kind', 'digest']).select('user_id', 'kind', 'e164', 'digest', 'last_counter', 'created_at', 'used_at'),
    wrongEntries: await db('sign_in_failures').orderBy('key').select('*'),
    accounts: await db<AccountRow>('accounts').orderBy('code'),
    domains: await db<{ name: string; account_code: string; verified_at: number | null; mx_before: string | null }>('domains').orderBy('name'),
    onboardings: await db<OnboardingRow>('onboardings').orderBy('account_code'),
    tasks: tasks.map(({ secrets, ...task }) => ({ ...task, holdsSecrets: secrets !== null })),
    subscriptions: await db<SubscriptionRow>('sms_subscriptions').orderBy('id'),
    consents: await db('sms_consents').orderBy('seq').select('user_id', 'e164', 'program', 'action', 'source', 'actor', 'at', 'text_version', 'origin'),
    audit: await db('audit').orderBy('seq').select('action', 'flow_id', 'details'),
    brokenAuditRecord: await firstBrokenAuditRecord(db),
  };
}

export type State = Awaited<ReturnType<typeof stateOf>>;
