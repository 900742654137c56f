import type { FlowByHandle } from '../../db/flows';
import { methodsOf } from '../../db/flows';
import type { FlowEnvelope } from '../../domain/flow';
import { isEnding, limits, type ResetStep } from '../../domain/password-reset';
import { iso } from '../iso';

/** What a handle shows now. Before the proof it depends on the request alone, not on the person or on delivery. */
export interface Visible {
  readonly step: ResetStep;
  readonly expiresAt: number;
  readonly resendAt: number | null;
  readonly resendsLeft: number;
}

/** Reads a flow as the holder of this handle may see it. */
export function visibleState({ flow, role, frozen }: FlowByHandle, now: number): Visible {
  const state: Visible = role !== 'proof' && frozen
    ? frozen
    : { step: flow.step, expiresAt: flow.expires_at, resendAt: flow.resend_at, resendsLeft: limits.resendsPerFlow - (flow.round - 1) };
  // `undeliverable` is for operators: it would tell who can be reached.
  if (state.step === 'undeliverable') return { ...state, step: 'expired' };
  if (!isEnding(state.step) && state.expiresAt <= now) return { ...state, step: 'expired' };
  return state;
}

/** The names of what may be done at a step, in the order a page offers them. */
export function actionsAt(found: FlowByHandle, visible: Visible): string[] {
  const resend = visible.resendsLeft > 0 ? ['resend'] : [];
  switch (visible.step) {
    case 'captcha': return ['captcha', ...(found.flow.application === 'secure-messaging' ? ['temporary-password'] : []), 'cancel'];
    case 'choose-method': return methodsOf(found.flow).length > 0 ? ['method', 'cancel'] : ['cancel'];
    case 'enter-code': return ['code', ...resend, 'cancel'];
    case 'follow-link': return ['link', ...resend, 'cancel'];
    case 'enter-temporary-password': return ['temporary-password', ...resend, 'cancel'];
    case 'new-password': return ['password', 'cancel'];
    default: return [];
  }
}

/** The envelope that every answer of a reset is. */
export function envelope(handle: string, found: FlowByHandle, visible: Visible, details: Record<string, unknown>): FlowEnvelope<ResetStep> {
  return {
    id: handle,
    kind: 'password-reset',
    step: visible.step,
    expiresAt: isEnding(visible.step) ? null : iso(visible.expiresAt),
    actions: actionsAt(found, visible).map((name) => ({ name, method: 'POST', href: `/api/password-resets/${handle}/${name}` })),
    details,
  };
}
