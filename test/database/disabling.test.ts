import { cancelRowsOf } from '../../api/password-reset/cancel-all';
import { openDatabase } from '../../db/connection';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson, ResetWorld } from '../support/reset-world';

eachDatabase('disabling a person', (database) => {
  async function scene() {
    const world = new ResetWorld(database.db());
    const person = await addPerson(world.db, await addAccount(world.db));
    const disable = async (db = world.db) => {
      await db('users').where({ id: person.id }).update({ status: 'disabled' });
      await cancelRowsOf({ db, clock: world.clock.read }, person);
    };
    return { world, person, disable };
  }
  async function proven(world: ResetWorld, person: Awaited<ReturnType<typeof addPerson>>) {
    const flow = await world.flow(person.email, 'code');
    await world.issue(flow);
    await world.enter(flow, world.sms.code(person.mobile));
    const stageId = flow.id.slice(0, 36);
    await world.db('staged_passwords').insert({ id: stageId, flow_id: flow.id, hash: 'the new one' });
    return { flow, stageId };
  }

  test('check 68: cancels proven resets with what was staged, and ends the secrets of the others, which look as before', async () => {
    const { world, person, disable } = await scene();
    const { flow, stageId } = await proven(world, person);
    const open = await world.flow(person.email, 'link');
    world.email.faults.push('later');
    await expect(world.issueOnce(open)).rejects.toMatchObject({ type: 'DeliverLater' });
    await disable();
    expect(await world.row(flow.id)).toMatchObject({ step: 'cancelled', outcome: 'cancelled' });
    expect(await world.db('staged_passwords').where({ flow_id: flow.id })).toEqual([]);
    expect(await world.activities.commitPassword({ flowId: flow.id, stageId })).toEqual({ outcome: 'cancelled', saved: false });
    expect(await world.row(open.id)).toMatchObject({ step: 'follow-link', outcome: null });
    expect(await world.db('flow_secrets').where({ person: flow.person, state: 'live' })).toEqual([]);
    await world.issue(open);
    expect(world.email.to(person.email)).toEqual([]);
    expect(await world.db('messages').where({ flow_id: open.id }).first('state', 'sealed')).toEqual({ state: 'superseded', sealed: null });
  });

  test('check 68: at the same moment as the new password, the one or the other comes first, whole', async () => {
    const another = openDatabase(database.settings());
    try {
      for (let turn = 0; turn < 8; turn += 1) {
        const { world, person, disable } = await scene();
        const [first, second] = [await proven(world, person), await proven(world, person)];
        const [, saved] = await Promise.all([disable(another), ...[first, second].map(({ flow, stageId }) => world.activities.commitPassword({ flowId: flow.id, stageId }))]);
        const outcomes = [await world.row(first.flow.id), await world.row(second.flow.id)].map(({ outcome }) => outcome);
        const kept = await world.db('users').where({ id: person.id }).pluck('password_hash');
        expect(kept).toEqual([outcomes.includes('done') ? 'the new one' : 'the old one']);
        if (typeof saved === 'object' && saved.saved) expect(outcomes[0]).toBe('done');
        expect(outcomes).not.toContain(null);
      }
    } finally {
      await another.destroy();
    }
  });
});
