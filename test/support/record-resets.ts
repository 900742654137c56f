import { reportUndelivered } from '../../api/password-reset/engine';
import { LiveResets, type Person } from './live-resets';
import type { Recording } from './recording';
import { addAccount, addPerson, MINUTE_MS } from './reset-world';
import { waitFor } from './wait';

/** Runs one reset to its end. Returns its flow's id. */
type Scenario = (live: LiveResets, person: Person) => Promise<string>;
type Scenarios = Readonly<Record<string, Scenario>>;

const variants = ['code', 'link', 'temporary-password'] as const;
type Variant = (typeof variants)[number];

function forEachVariant(suffix: string, scenario: (variant: Variant) => Scenario, chosen: readonly Variant[] = variants): Scenarios {
  return Object.fromEntries(chosen.map((variant) => [`${variant}-${suffix}`, scenario(variant)]));
}

const refuse = (live: LiveResets, variant: Variant): unknown => (variant === 'code' ? live.world.sms : live.world.email).faults.push('refuse');

/** Resets that wait for nothing: on the real development server. */
const immediate: Scenarios = {
  ...forEachVariant('done', (variant) => (live, person) => live.reset(person, variant)),
  ...forEachVariant('cancelled', (variant) => async (live, person) => {
    const begun = await live.ask(person.email, variant);
    await live.secret(person, variant);
    await live.service.cancel(begun.handle);
    return begun.flowId;
  }),
  ...forEachVariant('cancelled-by-operator', (variant) => async (live, person) => {
    const begun = await live.ask(person.email, variant);
    await live.secret(person, variant);
    await live.engine.handle(begun.flowId).cancel();
    return begun.flowId;
  }),
  ...forEachVariant('superseded', (variant) => async (live, person) => {
    const first = await live.ask(person.email, variant);
    await live.secret(person, variant);
    const second = await live.ask(person.email, variant);
    await live.secret(person, variant, 2);
    await live.service.cancel(second.handle);
    return first.flowId;
  }),
  ...forEachVariant('locked', (variant) => async (live, person) => {
    const begun = await live.ask(person.email, variant);
    const secret = await live.secret(person, variant);
    const wrong = variant === 'code' ? secret.replace(/./g, (digit) => String((Number(digit) + 1) % 10)) : `${secret}x`;
    for (let entry = 1; entry <= 5; entry += 1) await live.prove(begun, wrong).catch(() => undefined);
    return begun.flowId;
  }, ['code', 'temporary-password']),
  'code-done-after-superseding': async (live, person) => {
    await live.ask(person.email, 'code');
    await live.secret(person, 'code');
    const begun = await live.ask(person.email, 'code');
    await live.save(await live.prove(begun, await live.secret(person, 'code', 2)));
    return begun.flowId;
  },
  'code-done-after-race-of-16': async (live, person) => {
    const begun = await live.ask(person.email, 'code');
    const secret = await live.secret(person, 'code');
    const entries = await Promise.allSettled(Array.from({ length: 16 }, () => live.prove(begun, secret)));
    await live.save(entries.find((entry) => entry.status === 'fulfilled')!.value);
    return begun.flowId;
  },
  'code-cancelled-by-operator-at-new-password': async (live, person) => {
    const begun = await live.ask(person.email, 'code');
    await live.prove(begun, await live.secret(person, 'code'));
    await live.engine.handle(begun.flowId).cancel();
    return begun.flowId;
  },
  'invitation-superseded': async (live, person) => {
    const flowId = await live.invite(person);
    await waitFor(() => live.world.sms.to(person.mobile)[0], { what: 'the invitation' });
    const begun = await live.ask(person.email, 'code');
    await live.secret(person, 'code', 2);
    await live.service.cancel(begun.handle);
    return flowId;
  },
  'invitation-cancelled-by-operator': async (live, person) => {
    const flowId = await live.invite(person);
    await waitFor(() => live.world.sms.to(person.mobile)[0], { what: 'the invitation' });
    await live.engine.handle(flowId).cancel();
    return flowId;
  },
};

/** Resets that wait for minutes or days: on the server that skips time, one after the other. */
const patient: Scenarios = {
  ...forEachVariant('expired', (variant) => async (live, person) => (await live.ask(person.email, variant)).flowId),
  ...forEachVariant('expired-at-new-password', (variant) => async (live, person) => {
    const begun = await live.ask(person.email, variant);
    await live.prove(begun, await live.secret(person, variant));
    return begun.flowId;
  }),
  ...forEachVariant('done-after-resend', (variant) => async (live, person) => {
    const begun = await live.ask(person.email, variant);
    await live.secret(person, variant);
    await live.engine.sleep(2 * MINUTE_MS);
    await live.service.resend(begun.handle);
    await live.save(await live.prove(begun, await live.secret(person, variant, 2)));
    return begun.flowId;
  }),
  ...forEachVariant('undeliverable', (variant) => async (live, person) => {
    refuse(live, variant);
    return (await live.ask(person.email, variant)).flowId;
  }),
  'code-undeliverable-while-provider-is-down': async (live, person) => {
    live.world.sms.faults.push(...Array<'later'>(100).fill('later'));
    return (await live.ask(person.email, 'code')).flowId;
  },
  'code-undeliverable-by-report': async (live, person) => {
    const { flowId } = await live.ask(person.email, 'code');
    await live.engine.reads(flowId, 'was handed to the carrier');
    await live.db('messages').where({ flow_id: flowId }).update({ state: 'undelivered' });
    await reportUndelivered(live.engine.client, { flow_id: flowId, round: 1 });
    return flowId;
  },
  'code-expired-of-unknown-address': async (live, person) => (await live.ask(`nobody-${person.email}`, 'code')).flowId,
  'invitation-expired': (live, person) => live.invite(person),
  'invitation-undeliverable': (live, person) => {
    refuse(live, 'code');
    return live.invite(person);
  },
};

/** A reset of every variant with every ending it can have. */
export const resets: Recording<LiveResets> = {
  journey: 'password-reset',
  open: (engine) => LiveResets.open(engine),
  immediate: people(immediate),
  patient: people(patient),
};

/** Each scenario with somebody of an account of their own. */
function people(scenarios: Scenarios): Recording<LiveResets>['immediate'] {
  return Object.fromEntries(Object.entries(scenarios).map(([name, scenario]) => [name, async (live: LiveResets) => scenario(live, await addPerson(live.db, await addAccount(live.db)))]));
}
