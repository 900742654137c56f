import { inTransaction } from '../../../db/connection';
import { retryFailed, stopBroadcasts, takeTransition } from '../../../db/continuity-transitions';
import { ContinuityWorld } from '../../support/continuity-world';
import { eachDatabase } from '../../support/database';

const ADA = { id: 'ada', name: 'Ada' };
const PEOPLE = 40;

eachDatabase('notices that were stopped', (database) => {
  /** An event whose start was stopped after the first of its notices. */
  async function stopped() {
    const w = await ContinuityWorld.create(database.db(), { smsSegmentsPerSecond: 1 });
    const eventId = await w.event([await w.group('all', await w.people(PEOPLE))]);
    await w.begin(eventId);
    await w.send(eventId);
    await inTransaction(w.db, (tx) => stopBroadcasts(tx, eventId, ADA, w.clock.read()));
    const { accepted, superseded } = await w.counts(eventId) as { accepted: number; superseded: number };
    expect([accepted + superseded, superseded > 0]).toEqual([PEOPLE, true]);
    const goOn = () => inTransaction(w.db, (tx) => retryFailed(tx, eventId, () => superseded, ADA, w.clock.read()));
    const phase = async () => (await w.read(eventId)).phases[0]!;
    return { w, eventId, goOn, phase };
  }

  test('go on in a round of their own: everybody is told, nobody twice', async () => {
    const { w, eventId, goOn, phase } = await stopped();
    await w.run(w.activities.closePhase, { eventId, phase: 'start' });
    expect(await phase()).toMatchObject({ state: 'stopped' });
    expect(await goOn()).toEqual([{ phase: 'start', round: 1 }]);
    expect(await goOn()).toEqual([]);
    await w.sendAll(eventId);
    await w.run(w.activities.closePhase, { eventId, phase: 'start' });
    expect([(await phase()).state, await w.counts(eventId)]).toEqual(['done', { accepted: PEOPLE }]);
    expect(new Set(w.sms.taken.map(({ to }) => to)).size).toBe(PEOPLE);
    expect(w.sms.taken).toHaveLength(PEOPLE);
  });

  test('go on also where the round that was stopped comes to its end only then: it closes nothing that is in the queue', async () => {
    const { w, eventId, goOn, phase } = await stopped();
    await goOn();
    await w.run(w.activities.closePhase, { eventId, phase: 'start' });
    expect(await phase()).toMatchObject({ state: 'sending', ended_at: null });
    await w.sendAll(eventId);
    expect(await w.counts(eventId)).toEqual({ accepted: PEOPLE });
  });

  test('stay unsent once their event is over', async () => {
    const { w, eventId, goOn, phase } = await stopped();
    await inTransaction(w.db, (tx) => takeTransition(tx, eventId, { action: 'end', by: ADA }, w.clock.read()));
    expect(await goOn()).toEqual([]);
    expect(await phase()).toMatchObject({ state: 'stopped', round: 0 });
  });
});
