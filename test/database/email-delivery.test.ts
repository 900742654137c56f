import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { FlowRow } from '../../db/flows';
import type { MessageRow } from '../../db/messages';
import { eachDatabase } from '../support/database';
import { linkIn } from '../support/messages';
import { freePorts } from '../support/ports';
import { RealCarriers } from '../support/real-carriers';
import { addAccount, addPerson, HOUR_MS, MINUTE_MS, type ResetWorld } from '../support/reset-world';

const LATER = { type: 'DeliverLater' };

eachDatabase('e-mails through SMTP and an inbox with faults', (database) => {
  let carriers: RealCarriers;
  beforeAll(async () => {
    carriers = await RealCarriers.start(null);
  });
  afterEach(() => carriers.fail({ mail: 'none', undeliverable: [] }));
  afterAll(() => carriers.stop());

  async function scene(more: Parameters<RealCarriers['world']>[1] = {}) {
    const world = carriers.world(database.db(), more);
    const person = await addPerson(world.db, await addAccount(world.db));
    return { world, person, flow: await world.flow(person.email, 'link') };
  }
  const messageOf = async (world: ResetWorld, flow: FlowRow): Promise<MessageRow> => (await world.db<MessageRow>('messages').where({ flow_id: flow.id }).first())!;

  test('an e-mail is accepted once, with a Message-ID made from its row', async () => {
    const { world, person, flow } = await scene();
    await world.issue(flow);
    await world.issue(flow);
    const message = await messageOf(world, flow);
    expect(carriers.received(person.email)).toMatchObject([{ messageId: `<${message.id}@127.0.0.1>`, from: 'no-reply@postern.example' }]);
    expect(message).toMatchObject({ state: 'accepted', sealed: null, attempts: 1 });
    expect(await world.enter(flow, linkIn({ ...carriers.received(person.email)[0]! }).token)).toEqual({ result: 'right' });
  });

  test('check 63: a server that says "later" for 30 minutes gets it then, the link as it was', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mail: 'later' });
    for (let minute = 0; minute < 30; minute += 1) {
      await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
      world.clock.advance(MINUTE_MS);
    }
    expect(await messageOf(world, flow)).toMatchObject({ state: 'queued', why: 'smtp 451' });
    await carriers.fail({ mail: 'none' });
    expect(await world.issue(flow)).toMatchObject({ delivery: 'sent' });
    expect(carriers.received(person.email)).toHaveLength(1);
    expect(await world.enter(flow, linkIn(carriers.received(person.email)[0]!).token)).toEqual({ result: 'right' });
  });

  test('check 63: a link that has expired meanwhile is dropped, not sent stale', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mail: 'later' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    world.clock.advance(HOUR_MS);
    await carriers.fail({ mail: 'none' });
    expect(await world.issue(flow)).toMatchObject({ delivery: 'undeliverable' });
    expect(carriers.received(person.email)).toEqual([]);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'expired', why: 'no longer valid', sealed: null });
    expect(await world.db('audit').where({ flow_id: flow.id }).orderBy('seq').pluck('action')).toEqual(['reset.requested', 'reset.issued', 'message.expired']);
  });

  test.each([
    ['refuses the message', async () => carriers.fail({ mail: 'refuse' })],
    ['knows no such mailbox', async (address: string) => carriers.fail({ undeliverable: [address] })],
  ])('a server that %s is not asked again, and that is on record', async (_what, begin) => {
    const { world, person, flow } = await scene();
    await begin(person.email);
    expect(await world.issue(flow)).toMatchObject({ delivery: 'undeliverable' });
    await carriers.fail({ mail: 'none', undeliverable: [] });
    expect(await world.issue(flow)).toMatchObject({ delivery: 'undeliverable' });
    expect(carriers.received(person.email)).toEqual([]);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'failed', why: 'smtp 550', sealed: null, attempts: 1 });
    expect(await world.db('audit').where({ flow_id: flow.id, action: 'message.failed' })).toHaveLength(1);
  });

  test('check 62: an e-mail that was accepted although the answer was lost comes again as it was, under the same Message-ID', async () => {
    const { world, person, flow } = await scene();
    await carriers.fail({ mail: 'hang' });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    await carriers.fail({ mail: 'none' });
    await world.issue(flow);
    const [second, first, ...more] = carriers.received(person.email);
    expect(more).toEqual([]);
    expect([second!.messageId, second!.subject, second!.text]).toEqual([first!.messageId, first!.subject, first!.text]);
    expect(await world.enter(flow, linkIn(first!).token)).toEqual({ result: 'right' });
  });

  test('a server that is not there is asked again', async () => {
    const [closed] = await freePorts(1);
    const { world, person, flow } = await scene({ smtpUrl: `smtp://127.0.0.1:${closed}` });
    await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
    expect(await messageOf(world, flow)).toMatchObject({ state: 'queued' });
    const back = carriers.world(world.db, { clock: world.clock });
    await back.issue(flow);
    expect(carriers.received(person.email)).toHaveLength(1);
  });

  test('a server that does not let us in is our trouble, not the person\'s: what waits goes out when it is mended', async () => {
    const strict = new SMTPServer({ disabledCommands: ['STARTTLS'], authMethods: ['PLAIN'], allowInsecureAuth: true, logger: false, onAuth: (_auth, _session, callback) => callback(new Error('Authentication failed')) });
    strict.listen(0, '127.0.0.1');
    await once(strict.server, 'listening');
    try {
      const { port } = strict.server.address() as AddressInfo;
      const { world, person, flow } = await scene({ smtpUrl: `smtp://postern:outdated@127.0.0.1:${port}` });
      await expect(world.issueOnce(flow)).rejects.toMatchObject(LATER);
      expect(await messageOf(world, flow)).toMatchObject({ state: 'queued', why: 'smtp 535' });
      const back = carriers.world(world.db, { clock: world.clock });
      await back.issue(flow);
      expect(carriers.received(person.email)).toHaveLength(1);
    } finally {
      await new Promise<void>((resolve) => strict.close(() => resolve()));
    }
  });
});
