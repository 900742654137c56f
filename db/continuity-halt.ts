import type { Knex } from 'knex';
import type { KeyRing } from '../security/keys';
import { noticeRecipients } from './accounts';
import { appendAudit } from './audit';
import { inTransaction } from './connection';
import type { PhaseKey } from './continuity-deliveries';
import { movePhase } from './continuity-events';
import { newNoticeId, queueNoticeTo } from './notices';

/**
 * Halts a phase: the provider refuses our account, and whatever is sent would fail. Nothing more goes out until somebody
 * has mended that; who gets the account's notices is told by e-mail.
 * @returns whether it was halted now
 */
export async function haltPhase({ db, keys, now }: { db: Knex; keys: KeyRing; now: number }, { eventId, phase, accountCode }: PhaseKey & { accountCode: string }, why: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await movePhase(tx, eventId, phase, ['sending'], { state: 'halted', why }))) return false;
    await queueNoticeTo(tx, keys, { id: newNoticeId(), accountCode, recipients: await noticeRecipients(tx, accountCode), channel: 'email' }, { purpose: 'continuity-halted', why }, now);
    await appendAudit(tx, { at: now, action: 'continuity.halted', accountCode, flowId: eventId, details: { phase, why } });
    return true;
  });
}
