import { randomUUID } from 'node:crypto';
import { createSmsSubscriptionActivities } from '../../activities/sms-subscription';
import { beginRows, expectNumber } from '../../api/sms-subscription/ask';
import { candidateDigests } from '../../security/digests';
import { codeIn } from '../support/messages';
import { addServices } from '../support/live-opt-ins';
import { addAccount, addPerson } from '../support/reset-world';
import { expectAsUndisturbed, type Aftermath, type Scenario } from './experiment';
import { expectAllOrNothing, isAudited, isQueued } from './onboarding-expectations';

/** It was claimed when its sender was killed, and never left: nobody sends a code again, its person asks for another one. */
function wasLost({ left, received }: Aftermath): boolean {
  return left.messages[0]?.state === 'attempting' && received.length === 0;
}

/** The text that asks whether somebody really wants a program's notices. */
export const confirms: Scenario = {
  title: 'sendConfirmation',
  activity: 'sendConfirmation',
  async prepare(world) {
    const account = await addAccount(world.db);
    await addServices(world.db, account.code);
    const person = await addPerson(world.db, account);
    const flow = (await beginRows(world.deps, person, 'continuity', await expectNumber(world.db, person), { by: 'person', origin: '192.0.2.1' })).flow!;
    const round = { flowId: flow.id, round: 1 };
    return {
      input: round,
      async judge(aftermath) {
        const { left, state, received } = aftermath;
        expectAllOrNothing({ text: isQueued(left, 'sms-confirmation'), code: left.secrets.length === 1, evidence: left.consents.some(({ action }: { action: string }) => action === 'confirmation-sent'), audited: isAudited(left, 'sms-subscription.issued') });
        if (wasLost(aftermath)) {
          expect(aftermath.result).toEqual({ delivery: 'undeliverable', ended: false });
          return expect(state.subscriptions).toMatchObject([{ state: 'pending' }]);
        }
        expectAsUndisturbed(aftermath);
        expect(received.map(({ channel, to }) => [channel, to])).toEqual([['sms', person.mobile]]);
        const digests = candidateDigests(world.deps.keys, 'opt-in-code', { person: flow.person, ...round }, codeIn(received[0]!));
        expect(await createSmsSubscriptionActivities(aftermath.world.deps).judgeOptInCode({ flowId: flow.id, updateId: randomUUID(), digests, origin: null })).toEqual({ result: 'right' });
      },
    };
  },
};
