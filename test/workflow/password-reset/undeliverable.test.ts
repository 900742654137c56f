import { testKeys } from '../../support/keys';
import { LiveResets, type Person } from '../../support/live-resets';
import { ResetEngine } from '../../support/reset-engine';
import { addAccount, addPerson, MINUTE_MS, type TestAccount } from '../../support/reset-world';

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
afterEach(() => {
  live.world.sms.faults.length = 0;
  live.world.email.faults.length = 0;
});

const later = (count: number): 'later'[] => Array<'later'>(count).fill('later');
const subjectsTo = (person: Person): string[] => live.world.email.to(person.email).map(({ subject }) => subject);

async function expectOutcome(flowId: string, outcome: string): Promise<void> {
  expect(await engine.handle(flowId).result()).toEqual({ outcome });
  expect(await live.world.row(flowId)).toMatchObject({ outcome });
  expect(await live.audited(flowId)).toContain(`reset.${outcome}`);
}

test('check 63: a code that the provider takes half-way through its time still goes out', async () => {
  const person = await addPerson(live.db, account);
  live.world.sms.faults.push(...later(8));
  await live.serving(async () => {
    const begun = await live.ask(person.email, 'code');
    await engine.sleep(6 * MINUTE_MS);
    await live.save(await live.prove(begun, await live.secret(person, 'code')));
    await expectOutcome(begun.flowId, 'done');
  });
});

test('check 63: a provider that is down until the code has expired is told of by e-mail, also where that has to wait for the mail server', async () => {
  const person = await addPerson(live.db, account);
  live.world.sms.faults.push(...later(100));
  // Long enough to outlast the code: its reset ends meanwhile.
  live.world.email.faults.push(...later(8));
  await live.serving(async () => {
    const { flowId, handle } = await live.ask(person.email, 'code');
    await expectOutcome(flowId, 'undeliverable');
    // What the person sees does not tell whether somebody can be reached.
    expect(await live.service.view(handle)).toMatchObject({ step: 'expired' });
  });
  expect(live.world.sms.to(person.mobile)).toEqual([]);
  expect(subjectsTo(person)).toEqual([expect.stringMatching(/could not be delivered/)]);
});

test.each([
  ['code', () => live.world.sms.faults.push('refuse')],
  ['link', () => live.world.email.faults.push('refuse')],
  ['temporary-password', () => live.world.email.faults.push('refuse')],
] as const)('check 20: a %s that is refused for good leaves the reset open until it expires, then it is undeliverable', async (variant, breakCarrier) => {
  const person = await addPerson(live.db, account);
  breakCarrier();
  await live.serving(async () => {
    const { flowId, handle } = await live.ask(person.email, variant);
    await engine.reads(flowId, 'could not be delivered');
    expect(await live.service.view(handle)).toMatchObject({ actions: expect.arrayContaining([expect.objectContaining({ name: 'resend' })]) });
    await expectOutcome(flowId, 'undeliverable');
  });
  expect(subjectsTo(person)).toEqual(variant === 'code' ? [expect.stringMatching(/could not be delivered/)] : []);
});

test('an invitation that is refused for good is undeliverable', async () => {
  const person = await addPerson(live.db, account);
  live.world.sms.faults.push('refuse');
  await live.serving(async () => {
    await expectOutcome(await live.invite(person), 'undeliverable');
  });
});

test('asking again after a failure is a delivery of its own: what nobody uses then is just expired', async () => {
  const person = await addPerson(live.db, account);
  live.world.sms.faults.push('refuse');
  await live.serving(async () => {
    const { flowId, handle } = await live.ask(person.email, 'code');
    await engine.reads(flowId, 'could not be delivered');
    await engine.sleep(2 * MINUTE_MS);
    await live.service.resend(handle);
    await live.secret(person, 'code');
    await expectOutcome(flowId, 'expired');
  });
});

test('check 20: an address nobody has waits as long, and nothing is sent', async () => {
  await live.serving(async () => {
    const { flowId } = await live.ask(`nobody@${account.domain}`, 'code');
    await engine.reads(flowId, 'was not sent, on purpose');
    await expectOutcome(flowId, 'expired');
    expect(await live.audited(flowId)).toContain('reset.suppressed');
    expect(await live.db('messages').where({ flow_id: flowId })).toEqual([]);
  });
});

describe('check 66: a reminder', () => {
  test('reaches whom a temporary password was sent, a day before its end', async () => {
    const person = await addPerson(live.db, account);
    await live.serving(async () => {
      await expectOutcome((await live.ask(person.email, 'temporary-password')).flowId, 'expired');
    });
    expect(subjectsTo(person)).toEqual([expect.stringMatching(/log in again/), expect.stringMatching(/temporary password ends soon/)]);
  });

  test('does not reach whom none was sent', async () => {
    const elsewhere = await addPerson(live.db, account, { user: { authentication: 'domain' } });
    const unlucky = await addPerson(live.db, account);
    await live.serving(async () => {
      await expectOutcome((await live.ask(elsewhere.email, 'temporary-password')).flowId, 'expired');
      live.world.email.faults.push('refuse');
      await expectOutcome((await live.ask(unlucky.email, 'temporary-password')).flowId, 'undeliverable');
    });
    expect(subjectsTo(elsewhere)).toEqual([expect.stringMatching(/kept by your organisation/)]);
    expect(subjectsTo(unlucky)).toEqual([]);
  });
});
