import { randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { createSignInActivities, type SignInActivities } from '../../activities/sign-in';
import { checkCredential, type Credential } from '../../api/sign-in/credential';
import type { SignInDependencies } from '../../api/sign-in/dependencies';
import { codesOf, entryOf } from '../../api/sign-in/pass';
import { stagePassword } from '../../api/passwords';
import { planFor, proven } from '../../api/sign-in/proceed';
import { newSignIn } from '../../api/sign-in/start';
import type { SignInByHandle } from '../../api/sign-in/view';
import { factorsOf, saveFactor, saveRecoveryCodes, totpContext, type Factors } from '../../db/factors';
import { findFlow } from '../../db/flows';
import { enrolmentContext, findSignIn, insertSignIn, type SignInFlow } from '../../db/sign-ins';
import { profileOfAddress, type UserRow } from '../../db/users';
import type { AuthenticationType, SignInPurpose } from '../../domain/sign-in';
import { addressDigest, keyedDigest, randomValueDigest } from '../../security/digests';
import { open, seal } from '../../security/sealing';
import { newHandle, newTotpKey, normaliseRecoveryCode, sessionToken } from '../../security/secrets';
import { totpCodes } from '../../security/totp';
import type { Entry, Verdict } from '../../workflows/sign-in/messages';
import { addPerson, ResetWorld, type TestAccount } from './reset-world';

/** The password of everybody whom {@link SignInWorld.person} adds. */
export const PASSWORD = 'seven grey herons wading';

let hashed: Promise<string> | undefined;

type Person = UserRow & { readonly mobile: string | null };

/** Everything signing in needs but the engine: real activities and repositories, a clock and carriers that a test controls. */
export class SignInWorld extends ResetWorld {
  /** What the sign-in's side of the API works with. A test may put in a directory, or limits. */
  readonly signInApi: SignInDependencies = {
    ...this.api, smsCountries: this.deps.smsCountries, directory: { check: async () => 'unavailable' },
    limits: { origin: async () => null, passcodes: async () => null, wrongPerOrigin: 1_000 },
  };
  readonly signIn: SignInActivities = createSignInActivities(this.deps);

  /** Adds a person of an account who can sign in with {@link PASSWORD}. */
  async person(account: TestAccount, user: Partial<UserRow> = {}): Promise<Person> {
    hashed ??= hash(PASSWORD);
    return addPerson(this.db, account, { user: { password_hash: await hashed, ...user } });
  }

  /** Tries a password, as the API does. */
  async tryPassword(address: string, password: string, more: { accountCode?: string; origin?: string; authentication?: AuthenticationType; deps?: Partial<SignInDependencies> } = {}): Promise<Credential | null> {
    const person = addressDigest(this.deps.keys, address);
    const { accountCode = (await profileOfAddress(this.db, address)).accountCode } = more;
    return checkCredential({ ...this.signInApi, ...more.deps }, {
      address, person, accountCode, flowId: null, authentication: more.authentication ?? 'cloud', password, origin: more.origin ?? '192.0.2.1',
    });
  }

  /** A flow of somebody who gave the right password a moment ago, as the API writes it. */
  async proven(person: UserRow, more: { purpose?: SignInPurpose; mustChange?: boolean; completes?: string; session?: string } = {}): Promise<SignInFlow> {
    this.clock.advance(1);
    const { purpose = 'sign-in', mustChange = false, completes = null, session = null } = more;
    const id = randomValueDigest(newHandle());
    const { plan, passcodeTtlMs } = await planFor(this.signInApi, person, { purpose, application: 'personal-portal', mustChange: mustChange || completes !== null });
    const rows = newSignIn(this.signInApi, { id, account_code: person.account_code, application: 'personal-portal', address: person.email, user_id: person.id, purpose, session_id: session });
    const change = proven(this.signInApi, id, purpose, plan, passcodeTtlMs);
    await insertSignIn(this.db, { ...rows.flow, ...change.flow }, { ...rows.signIn, ...change.signIn, authentication: 'cloud', completes }, [{ digest: id, role: 'proof' }]);
    return this.flowOf(id);
  }

  async flowOf(id: string): Promise<SignInFlow> {
    return (await findFlow(this.db, id, 'sign-in'))!;
  }

  async found(id: string): Promise<SignInByHandle> {
    return { flow: await this.flowOf(id), signIn: await findSignIn(this.db, id), role: 'proof', frozen: null, handleDigest: id };
  }

  /** Asks for a passcode to a new number, or for another one. */
  async askForPasscode(id: string, phone?: string): Promise<void> {
    const { round } = await this.flowOf(id);
    const now = this.clock.read();
    await this.signIn.beginPasscode({ flowId: id, round: round + 1, expiresAt: now + 600_000, resendAt: now + 60_000, resendsLeft: 3, ...(phone === undefined ? {} : { phone }) });
  }

  /** Sends the round's passcode and answers it. */
  async passcode(id: string, number: string | null): Promise<string> {
    const { round } = await this.flowOf(id);
    await this.untilDone(() => this.run(this.signIn.issuePasscode, { flowId: id, round }));
    return this.sms.code(number);
  }

  /** What the API would send for something typed. */
  async entry(id: string, kind: Entry['kind'], typed: string, updateId: string = randomUUID()): Promise<Entry & { flowId: string; updateId: string }> {
    return { flowId: id, updateId, ...entryOf(this.signInApi, await this.found(id), kind, typed, updateId) };
  }

  /** Enters something, as a request of its own unless `updateId` says that it is a repeat. */
  async enterStep(id: string, kind: Entry['kind'], typed: string, updateId?: string): Promise<Verdict> {
    return this.signIn.verifySecondStep(await this.entry(id, kind, typed, updateId));
  }

  /** Chooses a new password in the place of the one that was given. */
  async choose(id: string, password: string, updateId: string = randomUUID()): ReturnType<SignInActivities['changePassword']> {
    const stageId = await stagePassword(this.db, await this.flowOf(id), password);
    const session = randomValueDigest(sessionToken(this.deps.keys, id, updateId));
    return this.signIn.changePassword({ flowId: id, updateId, stage: 'change-password', stageId, entry: 'chosen', session });
  }

  factors(person: UserRow): Promise<Factors> {
    return factorsOf(this.db, person.id);
  }

  async enrolledPhone(person: Person, e164 = person.mobile!): Promise<string> {
    await saveFactor(this.db, { user_id: person.id, kind: 'phone', e164, created_at: this.clock.read() });
    return e164;
  }

  /** Enrols an authenticator. Returns its key. */
  async enrolledTotp(person: UserRow): Promise<string> {
    const key = newTotpKey();
    await saveFactor(this.db, { user_id: person.id, kind: 'totp', sealed: seal(this.deps.keys, 'seal', key, totpContext(person.id)), created_at: this.clock.read() });
    return key;
  }

  /** Gives somebody recovery codes. */
  async recoveryCodes(person: UserRow): Promise<string[]> {
    const codes = codesOf(this.signInApi, person.id, 'given by the test');
    await saveRecoveryCodes(this.db, person.id, codes.map((code) => keyedDigest(this.deps.keys, 'recovery-code', [person.id, normaliseRecoveryCode(code)])), this.clock.read());
    return codes;
  }

  /** What an authenticator shows now, or at another step. */
  totp(key: string, drift: 0 | -1 | 1 = 0): string {
    return totpCodes(key, this.clock.read())[[0, -1, 1].indexOf(drift)]!.code;
  }

  /** The key of the authenticator that a flow enrols. */
  async enrolmentKey(id: string): Promise<string> {
    return open(this.deps.keys, 'seal', (await findSignIn(this.db, id)).enrolment!, enrolmentContext(id));
  }

  async audited(flowId: string): Promise<string[]> {
    return this.db('audit').where({ flow_id: flowId }).orderBy('seq').pluck('action');
  }
}

/** Six digits that are not the code. */
export function wrongFor(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0');
}
