import { randomUUID } from 'node:crypto';
import { prove, refuseGenuineButOver } from '../../api/password-reset/prove';
import { findFlowByHandle, type FlowRow } from '../../db/flows';
import { candidateDigests, randomValueDigest } from '../../security/digests';
import { linkHandle, newHandle, newLinkToken } from '../../security/secrets';
import { eachDatabase } from '../support/database';
import { testKeys } from '../support/keys';
import { addAccount, addPerson, HOUR_MS, ResetWorld } from '../support/reset-world';

eachDatabase('what a secret is bound to', (database) => {
  type Variant = 'code' | 'link' | 'temporary-password';
  async function askFor(world: ResetWorld, variant: Variant) {
    const person = await addPerson(world.db, await addAccount(world.db));
    const flow = await world.flow(person.email, variant);
    await world.issue(flow);
    const secret = { code: () => world.sms.code(person.mobile), link: () => world.email.token(person.email), 'temporary-password': () => world.email.temporaryPassword(person.email) }[variant]();
    return { person, flow, secret };
  }
  /** Enters digests that were made for another flow, person or purpose, as a client could hand them over. */
  const enterForeign = (world: ResetWorld, flow: FlowRow, binding: { person: string; flowId: string; round: number }, purpose: Variant, secret: string) =>
    world.activities.verifySecret({
      flowId: flow.id, updateId: randomUUID(), round: flow.round, digests: candidateDigests(world.deps.keys, purpose, binding, secret), proofHandle: randomValueDigest(newHandle()),
    });

  test.each(['code', 'link', 'temporary-password'] as const)('check 9: a %s of another account\'s flow is just wrong', async (variant) => {
    const world = new ResetWorld(database.db());
    const [mine, theirs] = [await askFor(world, variant), await askFor(world, variant)];
    // Codes are few: only with two different ones the test says something.
    if (mine.secret === theirs.secret) return;
    expect(await world.enter(mine.flow, theirs.secret)).toEqual({ result: 'wrong', attemptsLeft: 4 });
    expect(await enterForeign(world, mine.flow, { person: theirs.flow.person, flowId: theirs.flow.id, round: 1 }, variant, theirs.secret)).toEqual({ result: 'wrong', attemptsLeft: 3 });
    expect(await world.enter(theirs.flow, theirs.secret)).toEqual({ result: 'right' });
    expect(await world.enter(mine.flow, mine.secret)).toEqual({ result: 'right' });
  });

  test('check 9: the very digest of a secret does not fit a flow with the same digits', async () => {
    const world = new ResetWorld(database.db());
    const { flow, secret } = await askFor(world, 'code');
    const stranger = { person: 'somebody else', flowId: flow.id, round: 1 };
    expect((await enterForeign(world, flow, stranger, 'code', secret)).result).toBe('wrong');
    expect((await enterForeign(world, flow, { ...stranger, person: flow.person, flowId: 'another' }, 'code', secret)).result).toBe('wrong');
    expect((await enterForeign(world, flow, { ...stranger, person: flow.person, round: 2 }, 'code', secret)).result).toBe('wrong');
    expect((await enterForeign(world, flow, { person: flow.person, flowId: flow.id, round: 1 }, 'code', secret)).result).toBe('right');
  });

  test.each([['code', 'link'], ['code', 'temporary-password'], ['link', 'code'], ['temporary-password', 'link']] as const)('check 9: a %s entered as a %s is wrong', async (variant, purpose) => {
    const world = new ResetWorld(database.db());
    const { flow, secret } = await askFor(world, variant);
    const attempt = { ...(await world.proof(flow, secret, purpose)), flowId: flow.id, updateId: randomUUID() };
    expect((await world.activities.verifySecret(attempt)).result).toBe('wrong');
  });

  test('check 9: what was entered for an earlier round does not fit the next', async () => {
    const world = new ResetWorld(database.db());
    const { flow, secret } = await askFor(world, 'code');
    const late = await world.proof(flow, secret);
    await world.issue(await world.nextRound(flow));
    expect((await world.activities.verifySecret({ ...late, flowId: flow.id, updateId: randomUUID() })).result).toBe('wrong');
  });

  test('a secret sent under an older key is accepted while that key is live, and not after', async () => {
    const world = new ResetWorld(database.db());
    const { flow, secret } = await askFor(world, 'link');
    const gone = new ResetWorld(database.db(), { clock: world.clock, keys: testKeys('new') });
    expect((await gone.enter(flow, secret)).result).toBe('wrong');
    const rotated = new ResetWorld(database.db(), { clock: world.clock, keys: testKeys('new', 'test') });
    expect(await rotated.enter(flow, secret)).toEqual({ result: 'right' });
  });

  describe('links', () => {
    const found = async (world: ResetWorld, flow: FlowRow) => (await findFlowByHandle(world.db, randomValueDigest(linkHandle(world.deps.keys, flow.id))))!;
    const garbled = ['', 'x', '0'.repeat(43), 'A'.repeat(43), '💥', `${'a'.repeat(42)}\u0000`, newLinkToken()];

    test('check 10: tokens that were never given out are answered alike, whatever became of the link, and count nothing', async () => {
      const world = new ResetWorld(database.db());
      const [live, used, expired, superseded] = [await askFor(world, 'link'), await askFor(world, 'link'), await askFor(world, 'link'), await askFor(world, 'link')];
      await world.enter(used.flow, used.secret);
      await world.db('flow_secrets').where({ flow_id: expired.flow.id }).update({ state: 'expired' });
      await world.db('flow_secrets').where({ flow_id: superseded.flow.id }).update({ state: 'superseded' });
      for (const { flow } of [live, used, expired, superseded]) {
        for (const token of garbled) {
          await expect(refuseGenuineButOver(world.api, await found(world, flow), token)).resolves.toBeUndefined();
          await expect(prove(world.api, await found(world, flow), 'link', token, randomUUID())).rejects.toMatchObject({ slug: 'secret-wrong', extra: {} });
        }
        expect(await world.db('flow_secrets').where({ flow_id: flow.id }).pluck('wrong')).toEqual([0]);
      }
    });

    test('check 10: who holds the genuine token learns that it was used, expired or superseded', async () => {
      const world = new ResetWorld(database.db());
      const answerFor = async ({ flow, secret }: { flow: FlowRow; secret: string }) =>
        refuseGenuineButOver(world.api, await found(world, flow), secret).then(() => null, (problem: { slug: string }) => problem.slug);
      const used = await askFor(world, 'link');
      expect(await answerFor(used)).toBeNull();
      await world.enter(used.flow, used.secret);
      expect(await answerFor(used)).toBe('link-used');
      const first = await askFor(world, 'link');
      await world.issue(await world.flow(first.person.email, 'link'));
      expect(await answerFor(first)).toBe('link-superseded');
      const old = await askFor(world, 'link');
      world.clock.advance(HOUR_MS);
      expect(await answerFor(old)).toBe('link-expired');
      expect(await answerFor({ flow: old.flow, secret: first.secret })).toBeNull();
    });

    test('check 10: an entry that goes past the API is judged alike too', async () => {
      const world = new ResetWorld(database.db());
      const { flow } = await askFor(world, 'link');
      const verdicts = [];
      for (const token of garbled.slice(0, 4)) verdicts.push(await world.enter(flow, token));
      expect(verdicts).toEqual([4, 3, 2, 1].map((attemptsLeft) => ({ result: 'wrong', attemptsLeft })));
    });
  });
});
