import {
  ActivityFailure, allHandlersFinished, ApplicationFailure, condition, getExternalWorkflowHandle, isCancellation, proxyActivities, proxyLocalActivities,
  currentUpdateInfo, setCurrentDetails, setHandler, sleep, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow';
import { isEnding, limits, proofStep, type ResetEnding, type ResetStep } from '../../domain/password-reset';
import { passwordResetWorkflowId, searchAttributes } from '../../temporal.config';
import type { PasswordResetActivities } from '../../activities/password-reset';
import {
  beginUpdate, cancelUpdate, endSignal, proveUpdate, resendUpdate, setPasswordUpdate, stateQuery,
  type PasswordResetInput, type Refusal, type ResetState, type Verdict,
} from './messages';
import { describe } from './prose';

/** Rows of our own database: milliseconds when it is well, so retried soon and until it is back. */
const rows = proxyLocalActivities<PasswordResetActivities>({
  startToCloseTimeout: '5 s',
  retry: { initialInterval: '200 ms', backoffCoefficient: 2, maximumInterval: '10 s' },
});

/** A temporary password is announced to end this long before it does (ASVS 6.4.5). */
const REMINDER_BEFORE_MS = 24 * 60 * 60 * 1000;

type Delivery = 'pending' | 'sent' | 'silent' | 'undeliverable';

function refuse(type: Refusal, message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, type);
}

/** What could not be delivered in time stands in the message's row; it does not undo a reset. */
function ignoreUndelivered(error: unknown): void {
  if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
}

/**
 * One reset of a password, from the first message sent to its ending. Secrets never pass through here: activities make
 * and compare them, Updates carry digests. The same path, in the same time, is taken for an address nobody has.
 */
export async function passwordReset(input: PasswordResetInput): Promise<{ outcome: ResetEnding }> {
  const { flowId, variant } = input;
  const waiting: ResetStep = variant === 'invitation' ? 'choose-method' : proofStep(variant);
  let step: ResetStep = waiting;
  let round = 1;
  let issuedRound = 0;
  let expiresAt = Date.now() + input.ttlMs;
  let resendAt = Date.now() + limits.resendAfterMs;
  let delivery = 'pending' as Delivery;
  let reminderAt = variant === 'temporary-password' ? expiresAt - REMINDER_BEFORE_MS : Infinity;
  let noticesDue = false;
  let busy = false;
  let timerAt = Infinity;
  let ticks = 0;

  // What is sent is worth sending until it expires: backoff up to a minute, an attempt at most 30 s, a dead worker seen after 8 s.
  const sending = proxyActivities<PasswordResetActivities>({
    startToCloseTimeout: '30 s',
    heartbeatTimeout: '8 s',
    scheduleToCloseTimeout: input.ttlMs,
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '60 s' },
  });

  // A notice is worth reading for a day; the reset is over, so nothing waits for it.
  const notifying = proxyActivities<PasswordResetActivities>({
    startToCloseTimeout: '60 s',
    heartbeatTimeout: '8 s',
    scheduleToCloseTimeout: '24 h',
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '5 m' },
  });

  const state = (): ResetState => ({ step, round, expiresAt, resendAt, resendsLeft: limits.resendsPerFlow - (round - 1) });
  const show = (): void => setCurrentDetails(describe({ ...state(), delivery, variant }));
  const moveTo = (next: ResetStep): void => {
    step = next;
    upsertSearchAttributes([
      { key: searchAttributes.step, value: next },
      ...(isEnding(next) ? [{ key: searchAttributes.outcome, value: next }] : []),
    ]);
    show();
  };
  const expectStep = (...expected: ResetStep[]): void => {
    if (isEnding(step)) throw refuse('ended', `This reset has ended: ${step}.`);
    if (busy) throw refuse('request-in-progress', 'Another request of this reset is being handled.');
    if (!expected.includes(step)) throw refuse('wrong-step', `This reset is at the step "${step}".`);
  };
  const exclusively = async <T>(work: () => Promise<T>): Promise<T> => {
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
  /** Starts a timer only where none that runs would wake us in time: a deadline that moves on costs no event. */
  const wakeBy = (deadline: number): void => {
    if (timerAt <= deadline) return;
    timerAt = deadline;
    const wake = async (): Promise<void> => {
      await sleep(Math.max(1, deadline - Date.now()), { summary: `${step}: until its deadline` });
      if (timerAt === deadline) timerAt = Infinity;
      ticks++;
    };
    wake().catch((error: unknown) => {
      if (!isCancellation(error)) throw error;
    });
  };

  setHandler(stateQuery, state);
  setHandler(beginUpdate, state);
  setHandler(endSignal, (ending) => {
    if (!isEnding(step)) moveTo(ending);
  });
  setHandler(
    proveUpdate,
    async (proof) => exclusively(async (): Promise<Verdict> => {
      const verdict = await rows.verifySecret({ flowId, ...proof, updateId: updateId() });
      if (verdict.result === 'right') {
        expiresAt = Date.now() + limits.newPasswordTtlMs;
        reminderAt = Infinity;
        moveTo('new-password');
      } else if (verdict.result === 'ended') moveTo(verdict.outcome);
      return verdict;
    }),
    { validator: (_proof) => expectStep(waiting) },
  );
  setHandler(
    resendUpdate,
    async () => exclusively(async () => {
      const [nextExpiry, nextResend] = [Date.now() + input.ttlMs, Date.now() + limits.resendAfterMs];
      await rows.beginRound({ flowId, round: round + 1, expiresAt: nextExpiry, resendAt: nextResend });
      [round, expiresAt, resendAt] = [round + 1, nextExpiry, nextResend];
      show();
      return state();
    }),
    {
      validator: () => {
        expectStep(waiting);
        if (round > limits.resendsPerFlow) throw refuse('no-resend-left', 'This reset has no resend left.');
        if (Date.now() < resendAt) throw refuse('resend-too-soon', 'It is too soon for another one.');
      },
    },
  );
  setHandler(
    setPasswordUpdate,
    async ({ stageId }) => exclusively(async () => {
      const { outcome } = await rows.commitPassword({ flowId, stageId });
      noticesDue = outcome === 'done';
      moveTo(outcome);
      return { outcome };
    }),
    { validator: (_stage) => expectStep('new-password') },
  );
  setHandler(
    cancelUpdate,
    async () => exclusively(async () => {
      const { outcome } = await rows.endFlow({ flowId, outcome: 'cancelled' });
      moveTo(outcome);
      return { outcome };
    }),
    { validator: () => expectStep(waiting, 'new-password') },
  );

  /** Sends what the round carries. Runs beside the handlers: the answer to a request never waits for a carrier. */
  const issue = async (): Promise<void> => {
    const issuing = round;
    issuedRound = round;
    delivery = 'pending';
    show();
    try {
      const issued = await sending.issueSecret({ flowId, round: issuing });
      delivery = issued.delivery;
      await Promise.all(issued.superseded.map(tellSuperseded));
      if (issued.ended && !isEnding(step)) moveTo(issued.ended);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const given = await rows.giveUp({ flowId, round: issuing });
      delivery = 'undeliverable';
      if (given.explain) await notifying.deliverQueued({ flowId, round: issuing });
    }
    show();
  };

  show();
  while (!isEnding(step)) {
    if (round !== issuedRound) {
      // A carrier that is down must hold up neither an ending nor a newer round.
      const issuing = issue();
      await Promise.race([issuing, condition(() => isEnding(step) || round !== issuedRound)]);
      continue;
    }
    const seen = ticks;
    wakeBy(Math.min(expiresAt, reminderAt));
    await condition(() => ticks !== seen || isEnding(step) || round !== issuedRound);
    if (isEnding(step) || busy) continue;
    if (Date.now() >= expiresAt) {
      const outcome: ResetEnding = delivery === 'undeliverable' && step === waiting ? 'undeliverable' : 'expired';
      moveTo((await rows.endFlow({ flowId, outcome })).outcome);
    } else if (Date.now() >= reminderAt) {
      reminderAt = Infinity;
      await notifying.remind({ flowId, round }).catch(ignoreUndelivered);
    }
  }
  if (noticesDue) await notifying.sendNotices({ flowId }).catch(ignoreUndelivered);
  await condition(allHandlersFinished);
  return { outcome: step as ResetEnding };

  /** The other flow may have ended on its own meanwhile; its row says so already. */
  async function tellSuperseded(otherId: string): Promise<void> {
    await getExternalWorkflowHandle(passwordResetWorkflowId(otherId)).signal(endSignal, 'superseded').catch(() => undefined);
  }
  function updateId(): string {
    return currentUpdateInfo()?.id ?? workflowInfo().runId;
  }
}
