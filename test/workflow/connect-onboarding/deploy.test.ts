import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { failureConverterPath } from '../../../security/data-converter';
import { versionQuery } from '../../replay/next/workflows';
import { administrator, LiveOnboardings } from '../../support/live-onboardings';
import { recordingKeys } from '../../support/recorded-histories';
import { replay } from '../../support/replaying';
import { ResetEngine } from '../../support/reset-engine';
import { found, notYet } from '../../support/scripted-checkers';
import { waitFor } from '../../support/wait';

const WAITING = 50;

let engine: ResetEngine;
let live: LiveOnboardings;
beforeAll(async () => {
  engine = await ResetEngine.local(recordingKeys());
  live = await LiveOnboardings.open(engine);
});
afterAll(async () => {
  await live.close();
  await engine.stop();
});

/** Brings an onboarding to where it waits: at its beginning, for an administrator, or for what is looked for. */
async function begin(code: string, place: number): Promise<void> {
  await waitFor(() => live.world.subjects(administrator(code))[0], { what: 'the welcome' });
  if (place > 0) await live.complete(code, 'details');
  if (place > 1) await live.handIn(code, 'domains');
}

/** The next thing that happens to it. */
async function goOn(code: string, place: number): Promise<void> {
  if (place === 0) return live.completeTask(code, 'details');
  if (place === 1) return live.completeTask(code, 'domains');
  await live.step(code, 'domains', 'check-now');
  await live.reaches(code, 'domains', 'completed');
}

test(`check 67: deployed over while ${WAITING} onboardings wait: their histories replay against the next version, and each goes on with it`, async () => {
  const codes: string[] = [];
  live.world.scripted.domains.always(notYet);
  await live.serving(async () => {
    for (let n = 0; n < WAITING; n += 1) codes.push(await live.create());
    for (const [n, code] of codes.entries()) await begin(code, n % 3);
  });
  const histories = await Promise.all(codes.map(async (name) => ({ name, bytes: 0, history: await live.handle(name).fetchHistory() })));
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(__dirname, '../../replay/next/workflows.ts'), failureConverterPath, logger: new DefaultLogger('ERROR') });
  const results = await replay(histories, { workflowBundle });
  expect(results.size).toBe(WAITING);
  expect([...results].filter(([, error]) => error !== undefined)).toEqual([]);

  live.world.scripted.domains.always(found());
  await live.serving(async () => {
    for (const [n, code] of codes.entries()) await goOn(code, n % 3);
    expect(new Set(await Promise.all(codes.map((code) => live.handle(code).query(versionQuery))))).toEqual(new Set(['before']));
    const later = await live.create();
    expect(await live.handle(later).query(versionQuery)).toBe('next');
    for (const code of codes) expect(live.world.subjects(administrator(code)).filter((subject) => subject.startsWith('welcome'))).toHaveLength(1);
  }, { workflowBundle });
}, 240_000);
