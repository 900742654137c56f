import { saveDraft } from '../../../api/connect-onboarding/drafts';
import { takeStep, type TaskStep } from '../../../api/connect-onboarding/steps';
import { searchAttributes } from '../../../temporal.config';
import { startTaskUpdate } from '../../../workflows/connect-onboarding/messages';
import { testKeys } from '../../support/keys';
import { ada, LiveOnboardings, notices } from '../../support/live-onboardings';
import { ResetEngine } from '../../support/reset-engine';
import { found, forms, notYet, wrong } from '../../support/scripted-checkers';
import { waitFor } from '../../support/wait';

let engine: ResetEngine;
let live: LiveOnboardings;
beforeAll(async () => {
  engine = await ResetEngine.local(testKeys('test'));
  live = await LiveOnboardings.open(engine);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});
afterEach(() => Object.values(live.world.scripted).forEach((checker) => checker.always(found())));

const ben = { id: 'ben', name: 'Ben' };
const refused = (slug: string) => expect.objectContaining({ slug });

async function detailsDone(): Promise<string> {
  const code = await live.create();
  await live.complete(code, 'details');
  return code;
}

describe('check 60: the workflow refuses', () => {
  test('what is not offered, before anything enters the history', async () => {
    await live.serving(async () => {
      const code = await live.create();
      await waitFor(async () => live.world.subjects(`ada@${code.toLowerCase()}.example`)[0], { what: 'the welcome' });
      // Whether the engine keeps the task that it asked the workflow with is its own affair.
      const lasting = async () => (await live.eventTypes(code)).filter((type) => !type.startsWith('WORKFLOW_TASK'));
      const before = await lasting();
      // Past the API's own judgement: the workflow has the last word.
      await expect(live.handle(code).executeUpdate(startTaskUpdate, { args: [{ task: 'domains', by: ada }] })).rejects.toMatchObject({ cause: { type: 'wrong-step' } });
      expect(await lasting()).toEqual(before);
    });
  });

  test('a second start of a task, and any step of an onboarding that has ended', async () => {
    await live.serving(async () => {
      const code = await live.create();
      await live.step(code, 'details', 'start');
      await expect(live.step(code, 'details', 'start')).rejects.toEqual(refused('wrong-step'));
      await live.handle(code).cancel();
      await live.handle(code).result().catch(() => undefined);
      await expect(live.draft(code, 'details')).rejects.toEqual(refused('flow-cancelled'));
    });
  });
});

describe('of two administrators', () => {
  test('who submit at once one is heard, and what is validated is what both have seen', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      await live.step(code, 'domains', 'start');
      await live.draft(code, 'domains');
      const { version } = await live.world.task(code, 'domains');
      live.world.scripted.domains.always(notYet);
      const submit = (by: typeof ada) => takeStep(live.world.api, code, { action: 'submit', task: 'domains', version }, by);
      const answers = await Promise.allSettled([submit(ada), submit(ben), submit(ada), submit(ben)]);
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const answer of answers) if (answer.status === 'rejected') expect(['wrong-step', 'request-in-progress']).toContain((answer.reason as { slug: string }).slug);
      expect(await live.world.task(code, 'domains')).toMatchObject({ state: 'validating', version });
    });
  });

  test('the one who submits what the other one changed is told who and when, and nothing is submitted', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      await live.step(code, 'domains', 'start');
      await live.draft(code, 'domains');
      const { version } = await live.world.task(code, 'domains');
      await saveDraft(live.world.api, code, 'domains', { version, draft: { domains: ['other.example'] } }, ben);
      await expect(takeStep(live.world.api, code, { action: 'submit', task: 'domains', version }, ada)).rejects.toMatchObject({ slug: 'changed-meanwhile', extra: { changedBy: 'Ben', version: version + 1 } });
      expect((await live.world.task(code, 'domains')).state).toBe('in-progress');
    });
  });
});

describe('a repeat', () => {
  test('of a step with the same key gets the first answer', async () => {
    await live.serving(async () => {
      const code = await live.create();
      const twice = await Promise.allSettled([live.step(code, 'details', 'start', 'key-1'), live.step(code, 'details', 'start', 'key-1')]);
      expect(twice.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      // Also where the task has moved on, and without the key it would be refused.
      await live.step(code, 'details', 'start', 'key-1');
      await expect(live.step(code, 'details', 'start', 'key-2')).rejects.toEqual(refused('wrong-step'));
      expect((await live.eventTypes(code)).filter((type) => type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED')).toHaveLength(1);
    });
  });
});

describe('a task', () => {
  test('that needs attention is mended and submitted again', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      live.world.scripted.domains.next(wrong);
      await live.handIn(code, 'domains');
      await live.reaches(code, 'domains', 'needs-attention');
      expect((await live.world.onboarding(code)).row).toMatchObject({ next_task: 'domains', blocked_by: 'attention' });
      await live.draft(code, 'domains', { domains: ['mended.example'] });
      await live.step(code, 'domains', 'submit');
      await live.reaches(code, 'domains', 'completed');
      expect(live.world.scripted.domains.looks.at(-1)!.content).toEqual({ domains: ['mended.example'] });
      await live.hears(notices(code), 'Verifying Your Domains needs your attention', 'Verifying Your Domains is completed');
    });
  });

  test('that needs attention can be submitted again while the mail that says so is still being sent', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      let sent: () => void = () => undefined;
      const sending = new Promise<void>((resolve) => (sent = resolve));
      const send = live.world.email.send.bind(live.world.email);
      const held = jest.spyOn(live.world.email, 'send').mockImplementation(async (email) => (email.to === notices(code) ? sending.then(() => send(email)) : send(email)));
      live.world.scripted.domains.next(wrong);
      await live.handIn(code, 'domains');
      await live.reaches(code, 'domains', 'needs-attention');
      const asked = jest.spyOn(live.world.api.temporal.workflow, 'getHandle');
      const step = live.step(code, 'domains', 'submit');
      await Promise.race([step, waitFor(() => (asked.mock.calls.length > 1 ? true : undefined), { what: 'the step to be taken again' })]).finally(sent);
      await step;
      for (const spy of [held, asked]) spy.mockRestore();
      await live.reaches(code, 'domains', 'completed');
    });
  });

  test('whose validation is stopped is not completed by what was found meanwhile', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      let release: (() => void) | undefined;
      live.world.scripted.domains.next(async () => {
        await new Promise<void>((resolve) => (release = resolve));
        return found();
      });
      await live.handIn(code, 'domains');
      await waitFor(() => release, { what: 'the look' });
      await live.step(code, 'domains', 'cancel');
      release!();
      await live.step(code, 'domains', 'submit');
      await live.reaches(code, 'domains', 'completed');
      await live.hears(notices(code), 'Verifying Your Domains is completed');
    });
  });

  test('that is reopened goes on with what was entered; what relies on it waits', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      await live.complete(code, 'domains', 'outbound-mail');
      await expect(live.step(code, 'domains', 'reopen')).rejects.toEqual(refused('wrong-step'));
      await live.step(code, 'outbound-mail', 'reopen');
      await live.step(code, 'domains', 'reopen');
      expect(await live.world.task(code, 'domains')).toMatchObject({ state: 'in-progress', draft: JSON.stringify(forms.domains), completed_at: null });
      await expect(live.step(code, 'outbound-mail', 'submit')).rejects.toEqual(refused('wrong-step'));
      await live.step(code, 'domains', 'submit');
      await live.reaches(code, 'domains', 'completed');
      await live.step(code, 'outbound-mail', 'submit');
      await live.reaches(code, 'outbound-mail', 'completed');
    });
  });

  test('of SMS is judged by the numbers that are there', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      await live.complete(code, 'domains', 'users');
      await live.handIn(code, 'sms');
      expect(await live.world.task(code, 'sms')).toMatchObject({ state: 'needs-attention', reason: 'None of your users has an attribute named "mobile".' });
      await live.world.addUser(code, '0151 1234');
      await live.step(code, 'sms', 'submit');
      expect((await live.world.task(code, 'sms')).reason).toContain('long format');
      await live.world.addUser(code, '+12025550111');
      await live.step(code, 'sms', 'submit');
      expect(await live.world.task(code, 'sms')).toMatchObject({ state: 'completed', facts: '{"users":2}' });
      expect(await live.db('accounts').where({ code }).first('sms_attribute')).toEqual({ sms_attribute: 'mobile' });
    });
  });
});

describe('for operators', () => {
  test('an onboarding is found by account, step, what it waits for and its last day', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      live.world.scripted.domains.always(wrong);
      await live.handIn(code, 'domains');
      await live.reaches(code, 'domains', 'needs-attention');
      const { typedSearchAttributes: found } = await live.handle(code).describe();
      expect([found.get(searchAttributes.account), found.get(searchAttributes.application), found.get(searchAttributes.step), found.get(searchAttributes.blockedBy), found.get(searchAttributes.lastDay)]).toEqual([code, 'connect', 'domains', 'attention', 'none']);
      const query = `PosternAccount = "${code}" AND PosternBlockedBy = "attention" AND PosternLastDay >= "none"`;
      await waitFor(async () => (await engine.client.workflow.count(query)).count === 1 || undefined, { what: `one onboarding where ${query}` });
    });
  });

  test('its page says what comes next, what it waits for, and since when', async () => {
    await live.serving(async () => {
      const code = await detailsDone();
      live.world.scripted.domains.always(notYet);
      await live.handIn(code, 'domains');
      const details = async (): Promise<string> => (await live.handle(code).query<{ currentDetails: string }>('__temporal_workflow_metadata')).currentDetails;
      expect(await details()).toMatch(/^\*\*Next:\*\* Verifying Your Domains, since .* UTC {2}\n\*\*Waits for:\*\* a validation: .* until no set date {2}\n\*\*Completed:\*\* 1 of 8 {2}\n\*\*Begun:\*\* Verifying Your Domains \(validating\)$/);
      const { pendingActivities } = (await live.handle(code).describe()).raw;
      expect(pendingActivities?.map(({ activityType }) => activityType?.name).sort()).toEqual(['correspond', 'validateTask']);
    });
  });
});

test('an engine that is away refuses steps for now, and an onboarding that it has lost goes on from its rows', async () => {
  const code = await live.serving(detailsDone);
  const step = (action: TaskStep): Promise<void> => live.step(code, 'domains', action, 'key-away');
  await expect(step('start')).rejects.toEqual(refused('engine-unavailable'));
  await live.serving(async () => {
    await step('start');
    expect((await live.world.task(code, 'domains')).state).toBe('in-progress');
    await live.handle(code).terminate();
    await live.draft(code, 'domains');
    await live.step(code, 'domains', 'submit');
    await live.reaches(code, 'domains', 'completed');
  });
});
