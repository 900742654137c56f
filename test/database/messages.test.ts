import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import { claimMessage, findMessage, insertMessage, moveMessage, releaseMessage, type MessageState, type NewMessage } from '../../db/messages';
import { eachDatabase } from '../support/database';

const NOW = Date.UTC(2031, 2, 3, 8);
const HOUR_MS = 3_600_000;
const ENDS = ['delivered', 'undelivered', 'failed', 'suppressed', 'superseded', 'expired'] as const;
/** How far each state is, by delivery.md. */
const FORWARD: readonly (readonly MessageState[])[] = [['queued'], ['attempting'], ['unknown'], ['accepted'], ['sent'], ENDS];
const distance = (state: MessageState): number => FORWARD.findIndex((states) => states.includes(state));
const REPORTS = ['accepted', 'sent', 'delivered'] as const;

eachDatabase('one message\'s life', (database) => {
  const pools: Knex[] = [];
  beforeAll(() => {
    for (let process = 0; process < 4; process += 1) pools.push(openDatabase(database.settings()));
  });
  afterAll(() => Promise.all(pools.map((pool) => pool.destroy())));

  async function queued(more: Partial<NewMessage> = {}): Promise<string> {
    const id = randomUUID();
    await insertMessage(database.db(), {
      id, flow_id: `flow of ${id}`, account_code: null, purpose: 'reset-no-number', round: 1, channel: 'sms', recipient: '+12025550100', person: 'a person', state: 'queued', why: null,
      sealed: 'sealed', created_at: NOW, expires_at: NOW + HOUR_MS, ...more,
    });
    return id;
  }
  const stateOf = async (id: string): Promise<MessageState> => (await findMessage(database.db(), id))!.state;
  const states = fc.constantFrom(...FORWARD.flat());

  test('it never moves backwards, whatever is reported in whatever order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(states, { maxLength: 12 }), async (moves) => {
        const id = await queued();
        let before = await stateOf(id);
        for (const to of moves) {
          const moved = await moveMessage(database.db(), id, to);
          const after = await stateOf(id);
          expect(moved).toBe(distance(to) > distance(before));
          expect(after).toBe(moved ? to : before);
          before = after;
        }
        // What it says is kept only as long as somebody may have to send it.
        expect((await findMessage(database.db(), id))!.sealed).toBe(distance(before) >= distance('accepted') ? null : 'sealed');
      }),
      { numRuns: 60 },
    );
  });

  test('reports that come at once, over several processes, end where they would have ended in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...REPORTS, ...REPORTS, ...REPORTS], { minLength: 3 }), fc.constantFrom<MessageState>('attempting', 'unknown'), async (reports, from) => {
        const id = await queued();
        await moveMessage(database.db(), id, from);
        await Promise.all(reports.map((to, index) => moveMessage(pools[index % pools.length]!, id, to, { providerId: 'SM1' })));
        const furthest = Math.max(...reports.map(distance));
        expect(distance(await stateOf(id))).toBe(furthest);
        expect((await findMessage(database.db(), id))!.provider_id).toBe('SM1');
      }),
      { numRuns: 25 },
    );
  });

  test('how it ended stays, and with it why', async () => {
    for (const end of ENDS) {
      const id = await queued();
      await moveMessage(database.db(), id, end, { why: 'the first' });
      for (const later of [...REPORTS, ...ENDS]) expect(await moveMessage(database.db(), id, later, { why: 'a later one' })).toBe(false);
      expect(await findMessage(database.db(), id)).toMatchObject({ state: end, why: 'the first' });
      await releaseMessage(database.db(), id, 'put back');
      expect(await stateOf(id)).toBe(end);
    }
  });

  test('of sixteen senders one claims it', async () => {
    const id = await queued();
    const claims = await Promise.all(Array.from({ length: 16 }, (_, index) => claimMessage(pools[index % pools.length]!, id, NOW)));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await findMessage(database.db(), id)).toMatchObject({ state: 'attempting', attempts: 1, attempted_at: NOW });
  });

  test('it can be claimed again only after it was put back', async () => {
    const id = await queued();
    expect(await claimMessage(database.db(), id, NOW)).toBe(true);
    expect(await claimMessage(database.db(), id, NOW)).toBe(false);
    await releaseMessage(database.db(), id, 'smtp 451');
    expect(await findMessage(database.db(), id)).toMatchObject({ state: 'queued', why: 'smtp 451' });
    expect(await claimMessage(database.db(), id, NOW + 1)).toBe(true);
    expect(await findMessage(database.db(), id)).toMatchObject({ attempts: 2, attempted_at: NOW + 1 });
  });

  test('what has expired, or what nobody can read any more, is not claimed', async () => {
    expect(await claimMessage(database.db(), await queued({ expires_at: NOW }), NOW)).toBe(false);
    expect(await claimMessage(database.db(), await queued({ sealed: null }), NOW)).toBe(false);
  });

  test('what carries a secret is claimed only while that secret is accepted', async () => {
    const db = database.db();
    const id = await queued({ purpose: 'reset-code' });
    const flow = `flow of ${id}`;
    await db('flows').insert({
      id: flow, kind: 'password-reset', application: 'connect', address: 'a@b.example', person: 'a person', initiated_by: 'self', methods: 'sms', step: 'enter-code', created_at: NOW, expires_at: NOW + HOUR_MS,
    });
    const claims: boolean[] = [];
    expect(await claimMessage(db, id, NOW)).toBe(false);
    await db('flow_secrets').insert({ flow_id: flow, round: 1, purpose: 'code', person: 'a person', key_id: 'k', digest: 'd', state: 'superseded', expires_at: NOW + HOUR_MS });
    for (const state of ['superseded', 'consumed', 'expired', 'locked', 'unsent', 'live']) {
      await db('flow_secrets').where({ flow_id: flow }).update({ state });
      claims.push(await claimMessage(db, id, NOW));
    }
    expect(claims).toEqual([false, false, false, false, false, true]);
  });

  test('what was dropped while it was on its way is not put back', async () => {
    const id = await queued();
    await claimMessage(database.db(), id, NOW);
    await database.db()('messages').where({ id }).update({ sealed: null });
    await releaseMessage(database.db(), id, 'provider 20429');
    expect(await stateOf(id)).toBe('superseded');
  });

  test('there is one for each flow, purpose, round and recipient', async () => {
    const first = await queued();
    const same = { ...(await findMessage(database.db(), first))!, id: randomUUID() };
    expect(await insertMessage(database.db(), same)).toBe(false);
    expect(await insertMessage(database.db(), { ...same, recipient: '+12025550101' })).toBe(true);
    expect(await database.db()('messages').where({ flow_id: `flow of ${first}` })).toHaveLength(2);
  });
});
