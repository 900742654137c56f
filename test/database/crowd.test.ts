import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { cancelRowsOf } from '../../api/password-reset/cancel-all';
import { sweep } from '../../api/sweeper';
import { firstBrokenAuditRecord } from '../../db/audit';
import { openDatabase } from '../../db/connection';
import type { FlowRow } from '../../db/flows';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, ResetWorld } from '../support/reset-world';

const PROCESSES = 4;

/** Steps of different processes lock the same rows: whatever meets, none may wait for another in a circle, or fail. */
eachDatabase('everything at once', (database) => {
  const pools: Knex[] = [];
  beforeAll(() => {
    for (let process = 0; process < PROCESSES; process += 1) pools.push(openDatabase(database.settings()));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  test('checks 5 and 65: every step of a person\'s resets, over several processes, neither fails nor breaks the audit\'s chain', async () => {
    const world = new ResetWorld(database.db());
    const account = await addAccount(world.db);
    const failures: unknown[] = [];
    for (let turn = 0; turn < 6; turn += 1) {
      const person = await addPerson(world.db, account);
      const first = await world.flow(person.email, 'code');
      await world.issueOnce(first);
      const code = world.sms.code(person.mobile);
      await world.db('staged_passwords').insert({ id: first.id.slice(0, 36), flow_id: first.id, hash: 'the new one' });
      const flows: FlowRow[] = [first];
      for (const variant of ['link', 'code', 'temporary-password', 'invitation'] as const) flows.push(await world.flow(person.email, variant));
      let next = 0;
      const here = () => world.elsewhere(pools[(next += 1) % PROCESSES]!);
      const steps: (() => Promise<unknown>)[] = flows.flatMap(({ id: flowId, round }) => [
        () => world.untilDone(() => world.run(here().issueSecret, { flowId, round })),
        async () => here().verifySecret({ flowId, updateId: randomUUID(), ...(await world.proof({ id: flowId }, code)) }),
        async () => here().verifySecret({ flowId, updateId: randomUUID(), ...(await world.proof({ id: flowId }, 'not it')) }),
        () => here().commitPassword({ flowId, stageId: flowId.slice(0, 36) }),
        () => here().giveUp({ flowId, round }),
        () => world.untilDone(() => world.run(here().sendNotices, { flowId })),
        () => here().beginRound({ flowId, round: round + 1, expiresAt: world.clock.read() + 600_000, resendAt: world.clock.read() }),
        () => here().endFlow({ flowId, outcome: 'expired' }),
      ]);
      steps.push(() => cancelRowsOf({ db: pools[0]!, clock: world.clock.read }, person), () => sweep(pools[1]!, world.clock.read()));
      for (let index = steps.length - 1; index > 0; index -= 1) {
        const other = (index * 7 + turn * 3) % (index + 1);
        [steps[index], steps[other]] = [steps[other]!, steps[index]!];
      }
      const settled = await Promise.allSettled(steps.map((step) => step()));
      failures.push(...settled.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
    }
    expect(failures).toEqual([]);
    expect(await firstBrokenAuditRecord(world.db)).toBeNull();
    expect(await world.db('flows').whereNotNull('outcome').whereIn('id', world.db('staged_passwords').select('flow_id').whereNot({ hash: '' }))).toEqual([]);
  });
});
