import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import { unsentNotices } from '../db/notices';
import { ENGINE_DEADLINE_MS, noticeWorkflowId, TASK_QUEUE } from '../temporal.config';
import { NOTICE } from '../workflows/notice/messages';

/** Has a queued notice sent. Where the engine is away it stays queued, for {@link sendUnsent}. */
export async function sendNotice(temporal: Client, noticeId: string): Promise<boolean> {
  const start = (): Promise<unknown> => temporal.workflow.start(NOTICE, {
    workflowId: noticeWorkflowId(noticeId), taskQueue: TASK_QUEUE, args: [{ noticeId }], workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'A notice to a person',
  });
  return temporal.connection.withDeadline(Date.now() + ENGINE_DEADLINE_MS, start).then(() => true, () => false);
}

/** Has those notices sent that were queued a while ago and still wait: the engine was away, or the process that queued them was killed. */
export async function sendUnsent(db: Knex, temporal: Client, now: number): Promise<void> {
  for (const noticeId of await unsentNotices(db, now)) if (!(await sendNotice(temporal, noticeId))) return;
}
