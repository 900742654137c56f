import { openTo } from '../../domain/applications';
import { evaluatePassword, type PasswordPolicy } from '../../domain/password-policy';
import { risksOf } from '../../domain/password-reset';
import { smsRisk } from '../../domain/texts';
import { Problem, problemCatalogue, type ProblemSlug } from '../problems';

/** Handles of one reset, before and after its proof. */
export const handle = 'wq7Jd0fUQ3S1v0mC9x2b8A';
const provenHandle = 'Zb0k3Vq8TtS5nE1yR7u6_Q';
export const recordId = '0b6f1c9e-5d0a-4f0e-9a53-3f1d6f2a7c11';

const publicUrl = 'https://portal.example';
const policy: PasswordPolicy = { minLength: 15, maxLength: 128, legacyComplexity: false, context: ['Postern', 'Lighthouse', 'CEU11A1', 'user1'] };
const resend = { availableAt: '2026-01-01T12:01:00.000Z', left: 3 };

function envelope(kind: 'password-reset' | 'sign-in', step: string, expiresAt: string | null, actions: readonly string[], details: Readonly<Record<string, unknown>>, id: string): unknown {
  return { id, kind, step, expiresAt, actions: actions.map((name) => ({ name, method: 'POST', href: `/api/${kind}s/${id}/${name}` })), details };
}

function flow(step: string, expiresAt: string | null, actions: readonly string[], details: Readonly<Record<string, unknown>>, id = handle): unknown {
  return envelope('password-reset', step, expiresAt, actions, { application: 'personal-portal', ...details }, id);
}

/** The envelope at each step. */
export const flows = {
  captcha: flow('captcha', '2026-01-01T12:30:00.000Z', ['captcha', 'cancel'], {
    captcha: {
      image: 'data:image/svg+xml;base64,PHN2Zy8+',
      alternative: { kind: 'altcha', challenge: { parameters: { algorithm: 'PBKDF2/SHA-256', nonce: '6b1f…', salt: '90aa…', cost: 2000, keyLength: 32, keyPrefix: '1c7e…' }, signature: '5d02…' } },
    },
  }),
  'choose-method': flow('choose-method', '2026-01-01T12:30:00.000Z', ['method', 'cancel'], { methods: ['sms', 'email'] }),
  'enter-code': flow('enter-code', '2026-01-01T12:10:00.000Z', ['code', 'resend', 'cancel'], { method: 'sms', resend }),
  'new-password': flow('new-password', '2026-01-01T12:35:00.000Z', ['password', 'cancel'], {
    policy: evaluatePassword('', policy).map(({ id, label }) => ({ id, label })), policyContext: policy,
  }, provenHandle),
  done: flow('done', null, [], {}, provenHandle),
  cancelled: flow('cancelled', null, [], {}),
} as const;

function signIn(step: string, expiresAt: string | null, actions: readonly string[], details: Readonly<Record<string, unknown>>, id = provenHandle): unknown {
  return envelope('sign-in', step, expiresAt, actions, { application: 'connect', purpose: 'sign-in', ...details }, id);
}

const enrolment = { uri: 'otpauth://totp/Postern:user1%40lighthouse.example?secret=4KLWKD6SU5UPI4QWFS4KJBOWHKI66KPU&issuer=Postern', secret: '4KLWKD6SU5UPI4QWFS4KJBOWHKI66KPU' };

/** The envelope of a sign-in at each step. */
export const signIns = {
  'enter-password': signIn('enter-password', '2026-01-01T12:30:00.000Z', ['password', 'cancel'], { authenticationTypes: ['cloud'] }, handle),
  'enrol-phone': signIn('enrol-phone', '2026-01-01T12:35:00.000Z', ['phone', 'totp', 'cancel'], { risk: smsRisk, enrolment }),
  'confirm-phone': signIn('enter-passcode', '2026-01-01T12:15:00.000Z', ['passcode', 'phone', 'resend', 'cancel'], {
    number: { display: '+1 202 555 0101', country: 'US', lastDigits: '01' }, delivery: 'sending', resend,
  }),
  'enter-passcode': signIn('enter-passcode', '2026-01-01T12:15:00.000Z', ['passcode', 'resend', 'cancel'], { number: { lastDigits: '01' }, delivery: 'sent', resend }),
  'enter-totp': signIn('enter-totp', '2026-01-01T12:15:00.000Z', ['totp', 'cancel'], { enrolment }),
  done: signIn('done', null, [], { assurance: 'two-step', open: true }),
  cancelled: signIn('cancelled', null, [], {}),
} as const;

const times = { createdAt: '2026-01-01T12:00:00.000Z', lastSeenAt: '2026-01-01T12:10:00.000Z', expiresAt: '2026-01-02T12:00:00.000Z' };
export const session = {
  user: { id: recordId, email: 'admin@lighthouse.example', name: 'Administrator', role: 'administrator', account: 'CEU11A1' },
  application: 'connect', assurance: 'two-step', applications: openTo('administrator').map((application) => ({ application, stepUp: false })), expiresAt: times.expiresAt, idleUntil: '2026-01-01T13:10:00.000Z',
};
export const sessions = [{ id: recordId, application: 'connect', assurance: 'two-step', ...times, current: true }];
export const factors = { phone: { lastDigits: '01', enrolledAt: times.createdAt }, totp: null, recoveryCodes: 0 };

export const user = { id: recordId, account: 'CEU11A1', email: 'user1@lighthouse.example', name: 'User 1', role: 'user', status: 'active', authentication: 'cloud', locks: [] };

export const profileInput = {
  account: 'CEU11A1', name: 'Default', passwordResetOptions: { selfService: true, sms: true, email: true, smsSoleFactorAccepted: true },
  twoStep: 'sms', legacyComplexity: false, codeTtlMs: 600_000, linkTtlMs: 3_600_000, temporaryPasswordTtlMs: 259_200_000, sessionIdleMs: 3_600_000, sessionAbsoluteMs: 86_400_000, helpContact: 'Ask the help desk.',
};
export const profile = { id: recordId, ...profileInput, risks: risksOf({ ...profileInput.passwordResetOptions, twoStep: 'sms' }) };
export const groupInput = { account: 'CEU11A1', name: 'Finance', profileId: null, members: [recordId], groups: [] };
export const group = { id: recordId, ...groupInput };

/** What some problems say beyond their title. */
const extras: { readonly [Slug in ProblemSlug]?: Readonly<Record<string, unknown>> } = {
  'invalid-request': { errors: [{ path: 'email', message: 'Invalid email address' }] },
  'password-policy': { failures: [{ id: 'length', label: 'At least 15 characters' }] },
  'secret-wrong': { attemptsLeft: 4 },
  'number-invalid': { reason: 'leading-zero' },
};

/** The document of a problem, as the API answers it. */
export function problemExample(slug: ProblemSlug): { summary: string; value: unknown } {
  return { summary: problemCatalogue[slug].title, value: new Problem(slug, { extra: extras[slug] ?? {} }).toDocument(publicUrl) };
}
