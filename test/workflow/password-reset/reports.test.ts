import { reportUndelivered } from '../../../api/password-reset/engine';
import { moveMessage } from '../../../db/messages';
import { testKeys } from '../../support/keys';
import { LiveResets, type Person } from '../../support/live-resets';
import { ResetEngine } from '../../support/reset-engine';
import { addAccount, addPerson, MINUTE_MS, type TestAccount } from '../../support/reset-world';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveResets;
let account: TestAccount;
beforeAll(async () => {
  engine = await ResetEngine.timeSkipping(testKeys('test'));
  live = await LiveResets.open(engine);
  account = await addAccount(live.db);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

const explanationsTo = (person: Person): number => live.world.email.to(person.email).filter(({ subject }) => subject.endsWith('your code could not be delivered')).length;

/** The provider took the round's text, and reports afterwards that it reached nobody. */
async function reportOn(flowId: string, round = 1): Promise<void> {
  const accepted = () => live.db('messages').where({ flow_id: flowId, purpose: 'reset-code', round }).whereNot({ state: 'queued' }).whereNot({ state: 'attempting' }).first<{ id: string } | undefined>('id');
  const { id } = await waitFor(accepted, { what: 'the text to be taken' });
  await moveMessage(live.db, id, 'undelivered', { why: 'provider 30003' });
  await reportUndelivered(engine.client, { flow_id: flowId, round });
}

test('whose text reached nobody is told by e-mail, once, and the reset ends as undeliverable', async () => {
  const person = await addPerson(live.db, account);
  await live.serving(async () => {
    const { flowId, handle } = await live.ask(person.email, 'code');
    await reportOn(flowId);
    await waitFor(() => explanationsTo(person) || undefined, { what: 'the e-mail that explains' });
    // Providers repeat their reports.
    await reportOn(flowId);
    expect(await engine.handle(flowId).result()).toEqual({ outcome: 'undeliverable' });
    expect(await live.service.view(handle)).toMatchObject({ step: 'expired' });
  });
  expect(explanationsTo(person)).toBe(1);
});

test('who then asks again gets another text, and goes on with it', async () => {
  const person = await addPerson(live.db, account);
  await live.serving(async () => {
    const begun = await live.ask(person.email, 'code');
    await reportOn(begun.flowId);
    await waitFor(() => explanationsTo(person) || undefined, { what: 'the e-mail that explains' });
    await engine.sleep(MINUTE_MS);
    await engine.followTime();
    await live.service.resend(begun.handle);
    await waitFor(() => live.world.sms.to(person.mobile)[1], { what: 'the second text' });
    // A late report of the first text says nothing of the second.
    await reportOn(begun.flowId, 1);
    await live.save(await live.prove(begun, live.world.sms.code(person.mobile)));
    expect(await engine.handle(begun.flowId).result()).toEqual({ outcome: 'done' });
  });
  expect(explanationsTo(person)).toBe(1);
});

test('a report on a code that was used, or on a reset that is over, changes nothing', async () => {
  const person = await addPerson(live.db, account);
  await live.serving(async () => {
    const begun = await live.ask(person.email, 'code');
    const proven = await live.prove(begun, await live.secret(person, 'code'));
    await reportOn(begun.flowId);
    await live.save(proven);
    expect(await engine.handle(begun.flowId).result()).toEqual({ outcome: 'done' });
    await expect(reportUndelivered(engine.client, { flow_id: begun.flowId, round: 1 })).resolves.toBeUndefined();
  });
  expect(explanationsTo(person)).toBe(0);
});
