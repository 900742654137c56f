import { generateSync, generateURI } from 'otplib';

const PERIOD_S = 30;
/** A code of the step before or after is taken too: clocks differ, and typing takes its time (RFC 6238, 5.2). */
const DRIFT_STEPS = [0, -1, 1] as const;

/** What an authenticator app reads from a picture, or by hand. */
export function totpUri(secret: string, names: { readonly issuer: string; readonly label: string }): string {
  return generateURI({ ...names, secret });
}

/** The codes that an authenticator may show now, each with its time step. */
export function totpCodes(secret: string, now: number): { counter: number; code: string }[] {
  const current = Math.floor(now / 1_000 / PERIOD_S);
  return DRIFT_STEPS.map((drift) => ({ counter: current + drift, code: generateSync({ secret, epoch: (current + drift) * PERIOD_S, period: PERIOD_S }) }));
}
