import { randomUUID } from 'node:crypto';
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { sendStep } from '../../../api/password-reset/engine';
import { createPasswordResetService } from '../../../api/password-reset/service';
import { proveUpdate, setPasswordUpdate, type Proof } from '../../../workflows/password-reset/messages';
import { beginReset, fakeActivities, someProof } from '../../support/fake-activities';
import { testKeys } from '../../support/keys';
import { LiveResets, type Begun, type Person } from '../../support/live-resets';
import { ResetEngine } from '../../support/reset-engine';
import { addAccount, addPerson, type TestAccount } from '../../support/reset-world';

const MOST_EVENTS_RACE = 40;

let engine: ResetEngine;
let live: LiveResets;
let account: TestAccount;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveResets.open(engine);
  account = await addAccount(live.db);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

const newPerson = (): Promise<Person> => addPerson(live.db, account);

/** Enters a secret where the workflow task that judges it is lost: the row has the proof, the workflow and the person do not. */
async function proveUnheard(begun: Begun, secret: string): Promise<void> {
  const losing: WorkflowClientInterceptor = {
    startUpdate: async ({ args, options: { updateId } }) => {
      await live.world.activities.verifySecret({ flowId: begun.flowId, updateId: updateId ?? '', ...(args[0] as Proof) });
      throw new Error('lost');
    },
  };
  const temporal = new Client({ connection: engine.environment.connection, interceptors: { workflow: [losing] } });
  const service = createPasswordResetService({ ...live.world.api, temporal });
  await expect(live.prove(begun, secret, service)).rejects.toThrow('lost');
  expect(await live.world.row(begun.flowId)).toMatchObject({ step: 'new-password' });
}

test.each(['code', 'link', 'temporary-password'] as const)('check 5: of sixteen who enter one %s at once one goes on, and the history stays short', async (variant) => {
  await live.serving(async () => {
    const person = await newPerson();
    const begun = await live.ask(person.email, variant);
    const secret = await live.secret(person, variant);
    // More than the engine takes at once: it has workflow tasks done again, and updates sent again.
    const entries = await Promise.allSettled(Array.from({ length: 16 }, () => live.prove(begun, secret)));
    const winners = entries.flatMap((entry) => (entry.status === 'fulfilled' ? [entry.value] : []));
    expect(winners).toHaveLength(1);
    await live.save(winners[0]!);
    expect(await engine.handle(begun.flowId).result()).toEqual({ outcome: 'done' });
    expect(await engine.events(begun.flowId)).toBeLessThanOrEqual(MOST_EVENTS_RACE);
  });
});

test('check 61: a proof whose workflow task was lost goes on when the next one is entered at the workflow', async () => {
  const activities = fakeActivities();
  activities.verifySecret.mockResolvedValue({ result: 'wrong', attemptsLeft: 5, provenBefore: true });
  await engine.serving(activities, async () => {
    const flowId = await beginReset(engine, 'code');
    await sendStep(engine.client, flowId, proveUpdate, randomUUID(), someProof());
    expect(await sendStep(engine.client, flowId, setPasswordUpdate, randomUUID(), { stageId: 'a-stage' })).toMatchObject({ outcome: 'done' });
  });
});

test.each(['code', 'link', 'temporary-password'] as const)('check 61: whoever enters a %s again after its workflow task was lost goes on to the new password', async (variant) => {
  await live.serving(async () => {
    const person = await newPerson();
    const begun = await live.ask(person.email, variant);
    const secret = await live.secret(person, variant);
    await proveUnheard(begun, secret);
    await live.save(await live.prove(begun, secret));
    expect(await engine.handle(begun.flowId).result()).toEqual({ outcome: 'done' });
  });
});
