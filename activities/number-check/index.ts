import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { applyProposals, findNumberCheck, finishNumberCheck, nextProposals, nextValues, recordJudged, type NumberCheckRow } from '../../db/number-checks';
import { judgeNumber } from '../../domain/number-check';
import { beating } from '../beating';
import type { ActivityDependencies } from '../dependencies';

/** Values at a time: some milliseconds of work, between which others are served. */
const PAGE = 250;

/** Looks at an attribute's values, and applies what is proposed for them. Both go on where an earlier attempt stopped. */
export function createNumberCheckActivities({ db, clock }: Pick<ActivityDependencies, 'db' | 'clock'>) {
  /** The check, as long as it is in this state and nobody has told this worker to stop. */
  async function current(checkId: string, state: NumberCheckRow['state']): Promise<NumberCheckRow | undefined> {
    await yieldToOthers();
    Context.current().cancellationSignal.throwIfAborted();
    const check = await findNumberCheck(db, checkId);
    return check?.state === state ? check : undefined;
  }

  return {
    async judgeNumbers({ checkId }: { checkId: string }): Promise<void> {
      await beating(async () => {
        for (let check = await current(checkId, 'running'); check; check = await current(checkId, 'running')) {
          const values = await nextValues(db, check, PAGE);
          if (values.length === 0) await finishNumberCheck(db, check, 'done', clock());
          else {
            const { default_country: country } = check;
            await recordJudged(db, check, values.map((each) => ({ ...each, verdict: judgeNumber(each.value, country) })), clock());
          }
        }
      });
    },

    async applyNumberProposals({ checkId }: { checkId: string }): Promise<void> {
      await beating(async () => {
        for (let check = await current(checkId, 'applying'); check; check = await current(checkId, 'applying')) {
          const proposals = await nextProposals(db, check, PAGE);
          if (proposals.length === 0) await finishNumberCheck(db, check, 'applied', clock());
          else await applyProposals(db, check, proposals, clock());
        }
      });
    },
  };
}

export type NumberCheckActivities = ReturnType<typeof createNumberCheckActivities>;
