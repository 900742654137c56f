import { LiveOptIns } from './live-opt-ins';
import type { Recording } from './recording';
import { HOUR_MS } from './reset-world';
import { wrongFor } from './sign-in-world';

/** Opt-ins by how they begin, and how they end. */
export const optIns: Recording<LiveOptIns> = {
  journey: 'sms-subscription',
  open: (engine) => LiveOptIns.open(engine),
  immediate: {
    'asked-active-by-code': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      await live.enter(person, await live.code(person));
      return flowId;
    },
    'asked-active-by-code-after-wrong-ones': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      const code = await live.code(person);
      for (let entry = 1; entry <= 3; entry += 1) await live.enter(person, wrongFor(code)).catch(() => undefined);
      await live.enter(person, code);
      return flowId;
    },
    'asked-active-by-text': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      await live.code(person);
      await live.text(person, 'YES');
      return flowId;
    },
    'asked-ended-by-text': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      await live.code(person);
      await live.text(person, 'STOP');
      return flowId;
    },
    'asked-ended-by-provider': async (live) => {
      const person = await live.person();
      live.world.sms.refusals.set(person.mobile!, 'provider 21610');
      return (await live.ask(person)).flowId;
    },
    'asked-ended-by-operator': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      await live.code(person);
      await live.engine.handle(flowId).cancel();
      return flowId;
    },
    'invited-active-by-code': async (live) => {
      const person = await live.person();
      const { flowId } = await live.invite(person);
      await live.engine.reads(flowId, 'was handed over');
      await live.accept(person);
      await live.enter(person, await live.code(person));
      return flowId;
    },
    'invited-ended-by-text': async (live) => {
      const person = await live.person();
      const { flowId } = await live.invite(person);
      await live.engine.reads(flowId, 'was handed over');
      await live.text(person, 'STOP');
      return flowId;
    },
  },
  patient: {
    'asked-lapsed-after-reminder': async (live) => (await live.ask(await live.person())).flowId,
    'asked-active-after-asked-reminder': async (live) => {
      const person = await live.person();
      const { flowId } = await live.ask(person);
      await live.code(person);
      await live.engine.sleep(HOUR_MS);
      await live.service.remind(await live.row(person));
      await live.enter(person, await live.code(person, 2));
      return flowId;
    },
    'asked-lapsed-while-provider-is-down': async (live) => {
      live.world.sms.faults.push(...Array.from({ length: 10_000 }, () => 'later' as const));
      return (await live.ask(await live.person())).flowId;
    },
    'invited-lapsed-after-reminder': async (live) => (await live.invite(await live.person())).flowId,
  },
};
