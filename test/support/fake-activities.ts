import { randomUUID } from 'node:crypto';
import type { PasswordResetActivities } from '../../activities/password-reset';
import { begin } from '../../api/password-reset/engine';
import type { FlowRow } from '../../db/flows';
import { limits, proofStep, type ResetVariant } from '../../domain/password-reset';
import type { Proof } from '../../workflows/password-reset/messages';
import type { ResetEngine } from './reset-engine';

type Activities = PasswordResetActivities;
type Fake<Name extends keyof Activities> = jest.Mock<ReturnType<Activities[Name]>, Parameters<Activities[Name]>>;
type Fakes = { readonly [Name in keyof Activities]: Fake<Name> };

function fake<Name extends keyof Activities>(answer: (...args: Parameters<Activities[Name]>) => ReturnType<Activities[Name]>): Fake<Name> {
  return jest.fn(answer);
}

/** Activities that a test controls and asks what they were called with. Left alone, everything goes well. */
export function fakeActivities(): Fakes {
  return {
    issueSecret: fake<'issueSecret'>(async () => ({ delivery: 'sent', superseded: [], ended: null })),
    giveUp: fake<'giveUp'>(async () => ({ explain: false })),
    deliverQueued: fake<'deliverQueued'>(async () => {}),
    remind: fake<'remind'>(async () => {}),
    sendNotices: fake<'sendNotices'>(async () => {}),
    beginRound: fake<'beginRound'>(async () => {}),
    verifySecret: fake<'verifySecret'>(async () => ({ result: 'right' })),
    commitPassword: fake<'commitPassword'>(async () => ({ outcome: 'done', saved: true })),
    endFlow: fake<'endFlow'>(async ({ outcome }) => ({ outcome })),
  };
}

/** What the API would send for something typed. */
export function someProof(round = 1): Proof {
  return { round, digests: [{ keyId: 'test', digest: '00' }], proofHandle: 'ff' };
}

/** The row of a flow whose method was chosen just now, as far as an engine is told of it. */
function flowRow(variant: ResetVariant | 'invitation', ttlMs: number): FlowRow {
  const now = Date.now();
  return {
    id: randomUUID(), kind: 'password-reset', account_code: 'CEU11A1', application: variant === 'temporary-password' ? 'secure-messaging' : 'personal-portal',
    address: 'user1@lighthouse.example', person: 'aa', user_id: null, initiated_by: variant === 'invitation' ? 'administrator' : 'self', methods: 'sms,email', variant,
    step: variant === 'invitation' ? 'choose-method' : proofStep(variant), outcome: null, round: 1, silent: null, limits_checked: true, resend_at: now + limits.resendAfterMs,
    asked_at: now, proven_at: null, created_at: now, expires_at: now + ttlMs, captcha: null,
  };
}

/** Starts the workflow of a flow that has no row, for fake activities. Returns the flow's id. */
export async function beginReset(engine: ResetEngine, variant: ResetVariant | 'invitation', ttlMs = 10 * 60_000): Promise<string> {
  const flow = flowRow(variant, ttlMs);
  await begin(engine.client, flow, { flowId: flow.id, accountCode: flow.account_code, application: flow.application, variant, ttlMs }, flow.step);
  return flow.id;
}
