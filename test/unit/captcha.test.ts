import { createChallenge, solveChallenge, type Challenge, type Solution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { captchaDetails, captchaText, isRightAnswer, newCaptcha } from '../../api/password-reset/captcha';
import { testKeys } from '../support/keys';

const keys = testKeys('new', 'old');
const flowId = 'a'.repeat(64);
const otherFlowId = 'b'.repeat(64);

let sealed: string;
let other: string;
let text: string;
let challenge: Challenge;
let solution: Solution;

/** A solution as the page sends it. */
const sent = (solved: Challenge, by: unknown = solution): string => Buffer.from(JSON.stringify({ challenge: solved, solution: by })).toString('base64');
const isRight = (answer: string): Promise<boolean> => isRightAnswer(keys, flowId, sealed, answer);
const challengeOf = (id: string, captcha: string): Challenge => captchaDetails(keys, id, captcha).alternative.challenge;

beforeAll(async () => {
  sealed = await newCaptcha(keys, flowId);
  other = await newCaptcha(keys, otherFlowId);
  text = captchaText(keys, flowId, sealed);
  challenge = challengeOf(flowId, sealed);
  solution = (await solveChallenge({ challenge, deriveKey }))!;
});

describe('the picture', () => {
  test('check 16: is of five characters that are not mistaken for one another', async () => {
    const texts = await Promise.all(Array.from({ length: 50 }, async () => captchaText(keys, flowId, await newCaptcha(keys, flowId))));
    for (const drawn of texts) expect(drawn).toMatch(/^[2-9ABD-HJMNQRTYabd-hjmnqrty]{5}$/);
    expect(new Set(texts).size).toBeGreaterThan(45);
  });

  test('check 16: is drawn, not written: what a page gets holds neither the text nor the way to it', () => {
    const details = captchaDetails(keys, flowId, sealed);
    const image = Buffer.from(details.image.replace('data:image/svg+xml;base64,', ''), 'base64').toString();
    expect(image).toMatch(/^<svg /);
    expect(image).not.toMatch(/<text|<script|href=/);
    expect(Object.keys(details)).toEqual(['image', 'alternative']);
    expect(JSON.stringify(details.alternative)).not.toContain(text);
    expect(Object.keys(details.alternative.challenge.parameters)).not.toContain('counter');
  });

  test('check 16: in the flow\'s row it is sealed, for that flow alone', () => {
    expect(sealed).not.toContain(text);
    expect(() => captchaText(keys, otherFlowId, sealed)).toThrow();
  });
});

describe('the text as an answer', () => {
  test('check 16: is right exactly as displayed; blanks around it are not displayed', async () => {
    expect(await isRight(text)).toBe(true);
    expect(await isRight(` ${text}\n`)).toBe(true);
  });

  test('check 16: is wrong in part, with more, or of another flow', async () => {
    for (const wrong of [text.slice(1), `${text}${text[0]}`, [...text].join(' '), '', ' ']) expect([wrong, await isRight(wrong)]).toEqual([wrong, false]);
    expect(await isRight(captchaText(keys, otherFlowId, other))).toBe(false);
  });

  test('check 16: is wrong where one letter has the other case', async () => {
    let withLetter = sealed;
    while (!/^[a-z]/i.test(captchaText(keys, flowId, withLetter))) withLetter = await newCaptcha(keys, flowId);
    const displayed = captchaText(keys, flowId, withLetter);
    const first = displayed[0]!;
    const changed = (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + displayed.slice(1);
    expect(await isRightAnswer(keys, flowId, withLetter, displayed)).toBe(true);
    expect(await isRightAnswer(keys, flowId, withLetter, changed)).toBe(false);
  });
});

describe('the alternative as an answer', () => {
  test('check 16: is right with the work done', async () => {
    expect(await isRight(sent(challenge))).toBe(true);
  });

  test('check 16: asks for work that a page does in seconds', () => {
    expect(solution.counter).toBeGreaterThanOrEqual(200);
    expect(solution.counter).toBeLessThan(1_000);
  });

  test('check 16: is wrong for another flow, also beside that flow\'s own challenge', async () => {
    const theirs = challengeOf(otherFlowId, other);
    expect(await isRightAnswer(keys, otherFlowId, other, sent(challenge))).toBe(false);
    expect(await isRightAnswer(keys, otherFlowId, other, sent(theirs))).toBe(false);
  });

  test.each<[string, () => unknown]>([
    ['a counter that was not worked out', () => ({ ...solution, counter: solution.counter + 1 })],
    ['a derived key that was not', () => ({ ...solution, derivedKey: '0'.repeat(64) })],
    ['no derived key', () => ({ counter: solution.counter })],
    ['a counter below zero', () => ({ ...solution, counter: -1 })],
    ['a counter with a fraction', () => ({ ...solution, counter: 0.5 })],
    ['a counter in words', () => ({ ...solution, counter: String(solution.counter) })],
    ['nothing', () => null],
  ])('check 16: is wrong with %s', async (_name, by) => {
    expect(await isRight(sent(challenge, by()))).toBe(false);
  });

  test('check 16: an easier challenge of the caller\'s own is not believed', async () => {
    const easy = await createChallenge({ algorithm: 'PBKDF2/SHA-256', cost: 1, deriveKey, counter: 1, hmacSignatureSecret: 'the caller\'s' });
    const solved = await solveChallenge({ challenge: easy, deriveKey });
    expect(await isRight(sent(easy, solved))).toBe(false);
    const disguised: Challenge = { ...easy, parameters: { ...easy.parameters, nonce: challenge.parameters.nonce } };
    expect(await isRight(sent(disguised, solved))).toBe(false);
  });
});

test.each([
  ['base64 of no JSON', Buffer.from('not json').toString('base64')],
  ['base64 of null', Buffer.from('null').toString('base64')],
  ['base64 of a list', Buffer.from('[]').toString('base64')],
  ['an object without its parts', Buffer.from('{"challenge":{},"solution":{"counter":1}}').toString('base64')],
  ['bytes', '\u0000\uffff\u{1f510}'],
  ['4,096 characters', 'A'.repeat(4_096)],
])('check 16: garbage is wrong, and fails closed: %s', async (_name, answer) => {
  expect(await isRight(answer)).toBe(false);
});

test('check 16: a captcha that cannot be read lets nobody through', async () => {
  await expect(isRightAnswer(testKeys('other'), flowId, sealed, text)).rejects.toThrow();
  const tampered = sealed.replace(/.(?=.{8}$)/, (character) => (character === 'A' ? 'B' : 'A'));
  await expect(isRightAnswer(keys, flowId, tampered, text)).rejects.toThrow();
});

test('check 16: a captcha made before a key was replaced can still be solved', async () => {
  const before = await newCaptcha(testKeys('old'), flowId);
  const replaced = testKeys('newest', 'old');
  expect(await isRightAnswer(replaced, flowId, before, captchaText(replaced, flowId, before))).toBe(true);
  const worked = challengeOf(flowId, sealed);
  expect(await isRightAnswer(testKeys('newest', 'new', 'old'), flowId, sealed, sent(worked))).toBe(true);
});
