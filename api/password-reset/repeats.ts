import { findFlowByHandle, type FlowByHandle } from '../../db/flows';
import type { FlowEnvelope } from '../../domain/flow';
import type { ResetStep } from '../../domain/password-reset';
import { randomValueDigest } from '../../security/digests';
import { answerTo, updateIdFor } from '../engine';
import { Problem } from '../problems';
import { passwordResetWorkflowId } from '../../temporal.config';
import type { ResetDependencies } from './dependencies';
import { visibleState } from './view';

type Envelope = FlowEnvelope<ResetStep>;

/** Steps that come out of order when they are repeated. Those that give or save something answer a repeat themselves. */
interface Steps {
  view(handle: string): Promise<Envelope>;
  captcha(handle: string, answer: string): Promise<Envelope>;
  resend(handle: string, key?: string): Promise<Envelope>;
  cancel(handle: string, key?: string): Promise<Envelope>;
}

/** Statuses of refusals that say: not now, or not any more. */
const OUT_OF_ORDER = [409, 410, 429];

/**
 * Gives a repeat, by its `Idempotency-Key`, the first answer. That is lost when its process is killed, or when the engine
 * takes longer than the caller waits; what was asked for is carried out all the same.
 */
export function answeringRepeats<S extends Steps>(deps: ResetDependencies, steps: S) {
  const { db, keys, clock, temporal } = deps;

  /** Takes a step; where it is refused only because this very request took it before, the flow as it stands is the answer. */
  async function once(handle: string, key: string | undefined, step: () => Promise<Envelope>, taken: (found: FlowByHandle) => boolean | Promise<boolean>): Promise<Envelope> {
    try {
      return await step();
    } catch (refusal) {
      if (key === undefined || !(refusal instanceof Problem) || !OUT_OF_ORDER.includes(refusal.status)) throw refusal;
      const found = await findFlowByHandle(db, randomValueDigest(handle));
      if (found && (await taken(found))) return steps.view(handle);
      throw refusal;
    }
  }

  return {
    ...steps,
    captcha: (handle: string, answer: string, key?: string) =>
      once(handle, key, () => steps.captcha(handle, answer), ({ flow }) => flow.captcha === null && flow.outcome === null),
    resend: (handle: string, key?: string) =>
      once(handle, key, () => steps.resend(handle, key), async ({ flow }) => (await answerTo(temporal, passwordResetWorkflowId(flow.id), updateIdFor(keys, handle, 'resend', key))) !== null),
    cancel: (handle: string, key?: string) =>
      once(handle, key, () => steps.cancel(handle, key), (found) => visibleState(found, clock()).step === 'cancelled'),
  };
}
