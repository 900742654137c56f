import type { Client } from '@temporalio/client';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { appendAudit } from '../db/audit';
import { inTransaction } from '../db/connection';
import { expiredWithoutWorkflow, updateOpenFlow } from '../db/flows';
import { purgeImports } from '../db/imports';
import { forgetFailures } from '../db/sign-in-failures';
import { importLimits } from '../domain/imports';
import { signInLimits } from '../domain/sign-in';
import { sendUnsent } from './notices';

const EVERY_MS = 60_000;
const BATCH = 200;

/** Ends what no workflow ends, and drops answers kept for repeats, wrong entries and files of users whose time is over. */
export async function sweep(db: Knex, now: number): Promise<number> {
  const stale = await expiredWithoutWorkflow(db, now, BATCH);
  for (const flow of stale) {
    await inTransaction(db, async (tx) => {
      if (!(await updateOpenFlow(tx, flow.id, { step: 'expired', outcome: 'expired', captcha: null }))) return;
      await appendAudit(tx, { at: now, action: flow.kind === 'sign-in' ? 'sign-in.expired' : 'reset.expired', accountCode: flow.account_code, flowId: flow.id, subject: flow.person });
    });
  }
  await db('idempotency_keys').where('expires_at', '<', now).delete();
  await purgeImports(db, now - importLimits.keptMs);
  await forgetFailures(db, now, signInLimits.delayFrom);
  return stale.length;
}

/** Sweeps now and once a minute, and tells workflows what they have not heard. Returns how to stop. */
export function startSweeper(deps: { db: Knex; temporal: Client; clock: () => number; logger: Logger; tellWorkflows: () => Promise<unknown> }): () => void {
  const sweepAll = (): void => {
    Promise.all([sweep(deps.db, deps.clock()), sendUnsent(deps.db, deps.temporal, deps.clock())]).catch((error: unknown) => deps.logger.error({ err: error }, 'the sweep failed'));
    deps.tellWorkflows().catch((error: unknown) => deps.logger.warn({ err: error }, 'workflows are told later'));
  };
  sweepAll();
  const timer = setInterval(sweepAll, EVERY_MS);
  return () => clearInterval(timer);
}
