import { randomInt } from 'node:crypto';
import { createChallenge, verifySolution, type Challenge, type Payload } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { create } from 'svg-captcha';
import type { KeyRing } from '../../security/keys';
import { open, seal } from '../../security/sealing';

/** The picture's text, and a proof of work for those who cannot read pictures. Either opens the way, once. */
interface Captcha {
  readonly text: string;
  readonly svg: string;
  readonly challenge: Challenge;
}

const LENGTH = 5;
const COST = 2_000;
const [COUNTER_FROM, COUNTER_TO] = [200, 1_000];

/** Characters that are not mistaken for one another: it is to be typed exactly as displayed. */
const AMBIGUOUS = '0oO1iIlLcCsSvVwWxXzZuUkKpP';

const secretOf = (keys: KeyRing): string => keys.derive('captcha', keys.oldest).toString('hex');

/** Makes a captcha for a flow, sealed for its row. */
export async function newCaptcha(keys: KeyRing, flowId: string): Promise<string> {
  const { text, data } = create({ size: LENGTH, noise: 2, ignoreChars: AMBIGUOUS, color: false, background: '#ffffff', width: 220, height: 70 });
  const challenge = await createChallenge({
    algorithm: 'PBKDF2/SHA-256', cost: COST, counter: randomInt(COUNTER_FROM, COUNTER_TO), deriveKey, hmacSignatureSecret: secretOf(keys),
  });
  return seal(keys, 'captcha', JSON.stringify({ text, svg: data, challenge } satisfies Captcha), flowId);
}

function openCaptcha(keys: KeyRing, flowId: string, sealed: string): Captcha {
  return JSON.parse(open(keys, 'captcha', sealed, flowId)) as Captcha;
}

/** What a page needs to show it. */
export function captchaDetails(keys: KeyRing, flowId: string, sealed: string) {
  const { svg, challenge } = openCaptcha(keys, flowId, sealed);
  return {
    image: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    alternative: { kind: 'altcha', challenge },
  };
}

/** The text of the picture: for the embedded mode's `/dev/captchas` only. */
export function captchaText(keys: KeyRing, flowId: string, sealed: string): string {
  return openCaptcha(keys, flowId, sealed).text;
}

function parsePayload(answer: string): Payload | null {
  try {
    const payload = JSON.parse(Buffer.from(answer, 'base64').toString()) as Payload;
    return typeof payload?.solution?.counter === 'number' && typeof payload.challenge?.parameters?.nonce === 'string' ? payload : null;
  } catch {
    return null;
  }
}

/** Whether an answer is the picture's text, or solves this flow's challenge. Anything unreadable is wrong: it fails closed. */
export async function isRightAnswer(keys: KeyRing, flowId: string, sealed: string, answer: string): Promise<boolean> {
  const { text, challenge } = openCaptcha(keys, flowId, sealed);
  if (answer.trim() === text) return true;
  const payload = parsePayload(answer);
  if (!payload || payload.challenge.parameters.nonce !== challenge.parameters.nonce) return false;
  const { verified } = await verifySolution({ challenge, solution: payload.solution, deriveKey, hmacSignatureSecret: secretOf(keys) });
  return verified;
}
