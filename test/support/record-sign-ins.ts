import { LiveSignIns, type Begun } from './live-sign-ins';
import type { Person } from './live-resets';
import type { Recording } from './recording';
import { MINUTE_MS, newMobile } from './reset-world';
import { someSession } from './sessions';
import { wrongFor } from './sign-in-world';
import { newPassword } from './journey';

type Scenario = (live: LiveSignIns) => Promise<string>;

/** Somebody with an enrolled number, who has given the right password. */
async function known(live: LiveSignIns): Promise<{ person: Person; begun: Begun }> {
  const person = await live.person();
  await live.world.enrolledPhone(person);
  return { person, begun: await live.begin(person) };
}

/** The flow that a session's person begins, to change something. */
async function changing(live: LiveSignIns, person: Person, purpose: 'change-phone' | 'enrol-totp' | 'recovery-codes' | 'change-password'): Promise<Begun> {
  const now = live.world.clock.read();
  const session = someSession(person.id, { created_at: now, last_seen_at: now, expires_at: now + 86_400_000 });
  await live.db('sessions').insert(session);
  const { id: handle } = await live.service.change({ session, user: person, purpose, password: live.password, origin: '192.0.2.1' });
  return live.held(handle);
}

async function choose(live: LiveSignIns, begun: Begun): Promise<void> {
  const password = newPassword();
  live.secrets.add(password);
  await live.service.newPassword(begun.handle, { password, confirmation: password });
}

const given = (live: LiveSignIns): Promise<Person> => live.person({ profile: { two_step: 'off' }, user: { password_temporary: true } });

/** Sign-ins by what they ask for first, and how they end. */
const immediate: Readonly<Record<string, Scenario>> = {
  'passcode-done': async (live) => {
    const { person, begun } = await known(live);
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    return begun.flowId;
  },
  'passcode-done-after-wrong-ones': async (live) => {
    const { person, begun } = await known(live);
    const code = await live.passcode(person.mobile);
    for (let entry = 1; entry <= 3; entry += 1) await live.enter(begun, 'passcode', wrongFor(code)).catch(() => undefined);
    await live.enter(begun, 'passcode', code);
    return begun.flowId;
  },
  'passcode-done-after-race-of-16': async (live) => {
    const { person, begun } = await known(live);
    const code = await live.passcode(person.mobile);
    await Promise.allSettled(Array.from({ length: 16 }, () => live.enter(begun, 'passcode', code)));
    return begun.flowId;
  },
  'passcode-done-by-recovery-code': async (live) => {
    const { person, begun } = await known(live);
    await live.passcode(person.mobile);
    await live.enter(begun, 'recovery-code', (await live.world.recoveryCodes(person))[0]!);
    return begun.flowId;
  },
  'passcode-done-after-report': async (live) => {
    const { person, begun } = await known(live);
    const code = await live.passcode(person.mobile);
    await live.engine.reads(begun.flowId, 'was handed to the carrier');
    await live.engine.handle(begun.flowId).signal('undelivered', { round: 1 });
    await live.engine.reads(begun.flowId, 'could not be delivered');
    await live.enter(begun, 'passcode', code);
    return begun.flowId;
  },
  'passcode-locked': async (live) => {
    const { person, begun } = await known(live);
    const code = await live.passcode(person.mobile);
    for (let entry = 1; entry <= 5; entry += 1) await live.enter(begun, 'passcode', wrongFor(code)).catch(() => undefined);
    return begun.flowId;
  },
  'passcode-cancelled': async (live) => {
    const { person, begun } = await known(live);
    await live.passcode(person.mobile);
    await live.service.cancel(begun.handle);
    return begun.flowId;
  },
  'passcode-cancelled-by-operator': async (live) => {
    const { person, begun } = await known(live);
    await live.passcode(person.mobile);
    await live.engine.handle(begun.flowId).cancel();
    return begun.flowId;
  },
  'passcode-cancelled-by-disabling': async (live) => {
    const { person, begun } = await known(live);
    await live.passcode(person.mobile);
    await live.engine.handle(begun.flowId).signal('end', 'cancelled');
    return begun.flowId;
  },
  'passcode-done-after-changed-phone': async (live) => {
    const person = await live.person();
    await live.world.enrolledPhone(person);
    const begun = await changing(live, person, 'change-phone');
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    const next = newMobile();
    await live.service.phone(begun.handle, next);
    await live.enter(begun, 'passcode', await live.passcode(next));
    return begun.flowId;
  },
  'passcode-done-with-recovery-codes': async (live) => {
    const person = await live.person();
    await live.world.enrolledPhone(person);
    const begun = await changing(live, person, 'recovery-codes');
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    return begun.flowId;
  },
  'passcode-done-with-authenticator': async (live) => {
    const person = await live.person();
    await live.world.enrolledPhone(person);
    const begun = await changing(live, person, 'enrol-totp');
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    await live.enter(begun, 'totp', live.world.totp(await live.world.enrolmentKey(begun.flowId)));
    return begun.flowId;
  },
  'passcode-done-with-another-password': async (live) => {
    const person = await live.person();
    await live.world.enrolledPhone(person);
    const begun = await changing(live, person, 'change-password');
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    await choose(live, begun);
    return begun.flowId;
  },
  'enrol-phone-done': async (live) => (await live.enrol(await live.person())).flowId,
  'enrol-phone-done-after-correction': async (live) => {
    const person = await live.person();
    const begun = await live.begin(person);
    const mistyped = newMobile();
    await live.service.phone(begun.handle, mistyped);
    await live.passcode(mistyped);
    await live.service.phone(begun.handle, person.mobile!);
    await live.enter(begun, 'passcode', await live.passcode(person.mobile));
    return begun.flowId;
  },
  'enrol-phone-done-with-forced-change': async (live) => {
    const person = await live.person({ user: { password_temporary: true } });
    const begun = await live.enrol(person);
    await choose(live, begun);
    return begun.flowId;
  },
  'enrol-phone-done-by-authenticator': async (live) => {
    const begun = await live.begin(await live.person());
    await live.enter(begun, 'totp', live.world.totp(await live.world.enrolmentKey(begun.flowId)));
    return begun.flowId;
  },
  'enrol-phone-locked': async (live) => {
    const person = await live.person();
    const begun = await live.begin(person);
    await live.service.phone(begun.handle, person.mobile!);
    const code = await live.passcode(person.mobile);
    for (let entry = 1; entry <= 5; entry += 1) await live.enter(begun, 'passcode', wrongFor(code)).catch(() => undefined);
    return begun.flowId;
  },
  'enrol-phone-cancelled': async (live) => {
    const begun = await live.begin(await live.person());
    await live.service.cancel(begun.handle);
    return begun.flowId;
  },
  'totp-done': async (live) => {
    const person = await live.person();
    const key = await live.world.enrolledTotp(person);
    const begun = await live.begin(person);
    await live.enter(begun, 'totp', live.world.totp(key));
    return begun.flowId;
  },
  'totp-locked': async (live) => {
    const person = await live.person();
    const key = await live.world.enrolledTotp(person);
    const begun = await live.begin(person);
    for (let entry = 1; entry <= 5; entry += 1) await live.enter(begun, 'totp', wrongFor(live.world.totp(key))).catch(() => undefined);
    return begun.flowId;
  },
  'totp-cancelled': async (live) => {
    const person = await live.person();
    await live.world.enrolledTotp(person);
    const begun = await live.begin(person);
    await live.service.cancel(begun.handle);
    return begun.flowId;
  },
  'confirm-totp-done': async (live) => {
    const begun = await live.begin(await live.person({ profile: { two_step: 'strong' } }));
    await live.enter(begun, 'totp', live.world.totp(await live.world.enrolmentKey(begun.flowId)));
    return begun.flowId;
  },
  'confirm-totp-locked': async (live) => {
    const begun = await live.begin(await live.person({ profile: { two_step: 'strong' } }));
    const code = live.world.totp(await live.world.enrolmentKey(begun.flowId));
    for (let entry = 1; entry <= 5; entry += 1) await live.enter(begun, 'totp', wrongFor(code)).catch(() => undefined);
    return begun.flowId;
  },
  'confirm-totp-cancelled': async (live) => {
    const begun = await live.begin(await live.person({ profile: { two_step: 'strong' } }));
    await live.service.cancel(begun.handle);
    return begun.flowId;
  },
  'change-password-done': async (live) => {
    const begun = await live.begin(await given(live));
    await choose(live, begun);
    return begun.flowId;
  },
  'change-password-done-completing-a-reset': async (live) => {
    const person = await live.person({ profile: { two_step: 'off' } });
    await live.world.issue(await live.world.flow(person.email, 'temporary-password'));
    const begun = await live.begin(person, live.world.email.temporaryPassword(person.email));
    await choose(live, begun);
    return begun.flowId;
  },
  'change-password-cancelled': async (live) => {
    const begun = await live.begin(await given(live));
    await live.service.cancel(begun.handle);
    return begun.flowId;
  },
};

const patient: Readonly<Record<string, Scenario>> = {
  'passcode-expired': async (live) => (await known(live)).begun.flowId,
  'passcode-expired-while-provider-is-down': async (live) => {
    live.world.sms.faults.push(...Array<'later'>(100).fill('later'));
    return (await known(live)).begun.flowId;
  },
  'passcode-done-after-resend': async (live) => {
    const { person, begun } = await known(live);
    await live.passcode(person.mobile);
    await live.engine.sleep(2 * MINUTE_MS);
    await live.service.resend(begun.handle);
    await live.enter(begun, 'passcode', await live.passcode(person.mobile, 2));
    return begun.flowId;
  },
  'enrol-phone-expired': async (live) => (await live.begin(await live.person())).flowId,
  'totp-expired': async (live) => {
    const person = await live.person();
    await live.world.enrolledTotp(person);
    return (await live.begin(person)).flowId;
  },
  'confirm-totp-expired': async (live) => (await live.begin(await live.person({ profile: { two_step: 'strong' } }))).flowId,
  'change-password-expired': async (live) => (await live.begin(await given(live))).flowId,
};

/** A sign-in of every kind with every ending it can have. */
export const signIns: Recording<LiveSignIns> = { journey: 'sign-in', open: (engine) => LiveSignIns.open(engine), immediate, patient };
