import { verify } from '@node-rs/argon2';
import { addDays, instantOf } from '../../domain/onboarding/calendar';
import { temporaryPasswordIn } from '../support/messages';
import { MINUTE_MS } from '../support/reset-world';
import type { SignInWorld } from '../support/sign-in-world';
import { expectAsUndisturbed, type Aftermath, type Scenario } from './experiment';
import { Newcomer, ZONE } from './newcomer';
import { expectAllOrNothing, expectMail, isAudited, isQueued } from './onboarding-expectations';

async function opens({ world }: Aftermath, password: string): Promise<boolean> {
  const [hash] = await world.db('users').pluck<string[]>('password_hash');
  return verify(hash!, password);
}

/** Makes the password that was asked for last, and mails it. `before`: what opened the account until then. */
function supplies(title: string, subject: string, prepare: (world: SignInWorld) => Promise<{ newcomer: Newcomer; before?: string }>): Scenario {
  return {
    title: `correspond, ${title}`,
    activity: 'correspond',
    async prepare(world) {
      const { newcomer, before } = await prepare(world);
      const [now, { length: records }] = [world.clock.read(), await world.db('audit').pluck('seq')];
      return {
        input: newcomer.request,
        async judge(aftermath) {
          const { left: { onboardings: [row], users: [user], messages }, left } = aftermath;
          expectAllOrNothing({
            made: row!.passwords_made === row!.passwords_asked, supplied: user!.password_changed_at === now,
            mail: messages.some(({ purpose, round }) => purpose === 'connect-welcome' && round === row!.passwords_asked), audited: isAudited(left, 'account.password-supplied', records),
          });
          expectMail(aftermath, newcomer.contact, subject);
          expect(await opens(aftermath, temporaryPasswordIn(aftermath.received[0]!))).toBe(true);
          if (before !== undefined) expect(await opens(aftermath, before)).toBe(false);
          expect(aftermath.result).toBe('later');
          expectAsUndisturbed(aftermath);
        },
      };
    },
  };
}

export const welcomes = supplies('the welcome with a supplied password', 'welcome to the Connect Application', async (world) => ({ newcomer: await Newcomer.create(world) }));

export const suppliesAgain = supplies('a password in place of an earlier one', 'your new way into the Connect Application', async (world) => {
  const newcomer = await Newcomer.create(world);
  const before = await newcomer.correspond();
  world.clock.advance(MINUTE_MS);
  await newcomer.askForPassword();
  return { newcomer, before };
});

const reminds: Scenario = {
  title: 'correspond, a reminder of the last day',
  activity: 'correspond',
  async prepare(world) {
    const newcomer = await Newcomer.create(world);
    await newcomer.correspond();
    // Reminders go out from nine o'clock on.
    world.clock.advance(instantOf(addDays(newcomer.today, 1), 9, ZONE) - world.clock.read());
    await newcomer.setLastDay(addDays(newcomer.today, 7));
    return {
      input: newcomer.request,
      judge(aftermath) {
        expectAllOrNothing({ mail: isQueued(aftermath.left, 'connect-reminder'), audited: isAudited(aftermath.left, 'onboarding.reminded') });
        expectMail(aftermath, newcomer.contact, 'the Connect Application ends in 7 days');
        expect(aftermath.result).toBe('later');
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

const ends: Scenario = {
  title: 'endOnboarding, discontinued',
  activity: 'endOnboarding',
  async prepare(world) {
    const newcomer = await Newcomer.create(world);
    await newcomer.correspond();
    return {
      input: await newcomer.discontinued(),
      judge(aftermath) {
        const { left } = aftermath;
        expectAllOrNothing({ ended: left.onboardings[0]!.outcome === 'discontinued', mail: isQueued(left, 'connect-discontinued'), audited: isAudited(left, 'onboarding.discontinued') });
        expect(aftermath.result).toEqual({ outcome: 'discontinued', mail: true });
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

const sendsLast: Scenario = {
  title: 'sendLast, once it was discontinued',
  activity: 'sendLast',
  async prepare(world) {
    const newcomer = await Newcomer.create(world);
    await newcomer.correspond();
    await newcomer.end(await newcomer.discontinued());
    return {
      input: newcomer.request,
      judge(aftermath) {
        expectMail(aftermath, newcomer.contact, 'the Connect Application has ended');
        expectAsUndisturbed(aftermath);
      },
    };
  },
};

export const ending: readonly Scenario[] = [reminds, ends, sendsLast];
