import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { appendAudit } from '../db/audit';
import { inTransaction } from '../db/connection';
import { expiredWithoutWorkflow, updateOpenFlow } from '../db/flows';

const EVERY_MS = 60_000;
const BATCH = 200;

/** Ends what never became a workflow, and drops answers kept for repeats whose time is over. */
export async function sweep(db: Knex, now: number): Promise<number> {
  const stale = await expiredWithoutWorkflow(db, now, BATCH);
  for (const flow of stale) {
    await inTransaction(db, async (tx) => {
      if (!(await updateOpenFlow(tx, flow.id, { step: 'expired', outcome: 'expired', captcha: null }))) return;
      await appendAudit(tx, { at: now, action: 'reset.expired', accountCode: flow.account_code, flowId: flow.id, subject: flow.person });
    });
  }
  await db('idempotency_keys').where('expires_at', '<', now).delete();
  return stale.length;
}

/** Sweeps once a minute. Returns how to stop. */
export function startSweeper(deps: { db: Knex; clock: () => number; logger: Logger }): () => void {
  const timer = setInterval(() => {
    sweep(deps.db, deps.clock()).catch((error: unknown) => deps.logger.error({ err: error }, 'the sweep failed'));
  }, EVERY_MS);
  return () => clearInterval(timer);
}
