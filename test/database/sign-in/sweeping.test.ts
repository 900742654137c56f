import { sweep } from '../../../api/sweeper';
import { createSignInLimits } from '../../../api/sign-in/limits';
import { limitPasscodes } from '../../../api/sign-in/proceed';
import { startSignIn } from '../../../api/sign-in/start';
import { loadSettings } from '../../../config';
import { findFlowByHandle } from '../../../db/flows';
import { findUpload, saveUpload } from '../../../db/import-uploads';
import { newNoticeId, NOTICE_ROUND, queueNotices, unsentNotices } from '../../../db/notices';
import { randomValueDigest } from '../../../security/digests';
import { keyEntry } from '../../support/keys';
import { eachDatabase } from '../../support/database';
import { addAccount, DAY_MS, HOUR_MS, MINUTE_MS } from '../../support/reset-world';
import { SignInWorld } from '../../support/sign-in-world';

const settings = (more: Record<string, string>) => loadSettings({
  POSTERN_MODE: 'embedded', SMTP_URL: 'smtp://127.0.0.1', MAIL_FROM: 'a@portal.example', TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0'.repeat(32), TWILIO_FROM: '+12025550100',
  POSTERN_KEYS: keyEntry('dev-main'), ...more,
});

eachDatabase('what is left of sign-ins', (database) => {
  async function scene() {
    const world = new SignInWorld(database.db());
    return { world, person: await world.person(await addAccount(world.db)) };
  }
  async function begun(world: SignInWorld, email: string): Promise<string> {
    const handle = await startSignIn(world.signInApi, { email, application: 'connect', origin: '192.0.2.1' });
    return (await findFlowByHandle(world.db, randomValueDigest(handle), 'sign-in'))!.flow.id;
  }

  test('files of users that were not taken over are forgotten after a week', async () => {
    const { world } = await scene();
    const { code } = await addAccount(world.db);
    const file = async function* () {
      yield Buffer.from('email,name\n');
    };
    await saveUpload(world.db, { id: `old-${code}`, accountCode: code, fileName: 'users.csv' }, file(), world.clock.read());
    world.clock.advance(6 * DAY_MS);
    await saveUpload(world.db, { id: `new-${code}`, accountCode: code, fileName: 'users.csv' }, file(), world.clock.read());
    await sweep(world.db, world.clock.read());
    expect(await findUpload(world.db, code, `old-${code}`)).toBeDefined();
    world.clock.advance(DAY_MS + 1);
    await sweep(world.db, world.clock.read());
    expect([await findUpload(world.db, code, `old-${code}`), await findUpload(world.db, code, `new-${code}`)]).toEqual([undefined, expect.anything()]);
  });

  test('a sign-in without its password is over after half an hour, known or not', async () => {
    const { world, person } = await scene();
    const ids = [await begun(world, person.email), await begun(world, `nobody-${person.email}`)];
    world.clock.advance(30 * MINUTE_MS + 1);
    await sweep(world.db, world.clock.read());
    for (const id of ids) expect([(await world.flowOf(id)).outcome, await world.audited(id)]).toEqual(['expired', ['sign-in.expired']]);
  });

  test('a proven one is left to its workflow, and ended where that never came', async () => {
    const { world, person } = await scene();
    await world.enrolledPhone(person);
    const { id } = await world.proven(person);
    world.clock.advance(11 * MINUTE_MS);
    await sweep(world.db, world.clock.read());
    expect((await world.flowOf(id)).outcome).toBeNull();
    world.clock.advance(HOUR_MS);
    await sweep(world.db, world.clock.read());
    expect((await world.flowOf(id)).outcome).toBe('expired');
  });

  test('wrong entries are forgotten where they hold nobody back any more', async () => {
    const { world, person } = await scene();
    await world.tryPassword(person.email, 'not it', { origin: '192.0.2.77' });
    for (let entered = 0; entered < 3; entered += 1) await world.tryPassword(`often-${person.email}`, 'not it', { origin: '192.0.2.77' });
    const kept = async () => (await world.db('sign_in_failures').where('last_at', '>=', world.clock.read() - 32 * DAY_MS).orderBy('key').pluck('total')).map(Number);
    expect(await kept()).toEqual(expect.arrayContaining([1, 3, 4]));
    world.clock.advance(DAY_MS + 1);
    await sweep(world.db, world.clock.read());
    expect(await kept()).not.toContain(4);
    world.clock.advance(30 * DAY_MS);
    await sweep(world.db, world.clock.read());
    expect(await kept()).toEqual([3]);
  });

  test('a notice that could not be handed to the engine is found again, until it is sent or old', async () => {
    const { world, person } = await scene();
    const noticeId = newNoticeId();
    const of = { flow_id: noticeId, account_code: person.account_code, person: 'aa', round: NOTICE_ROUND, userId: person.id };
    await queueNotices(world.db, world.deps.keys, of, { purpose: 'reset-by-administrator', at: new Date(world.clock.read()).toISOString() }, world.clock.read());
    const waiting = async () => (await unsentNotices(world.db, world.clock.read())).includes(noticeId);
    expect(await waiting()).toBe(false);
    world.clock.advance(MINUTE_MS + 1);
    expect(await waiting()).toBe(true);
    world.clock.advance(DAY_MS);
    expect(await waiting()).toBe(false);
  });

  describe('limits', () => {
    test('check 14: an origin begins so many sign-ins an hour, and one more writes nothing', async () => {
      const { world, person } = await scene();
      const limits = createSignInLimits(world.db, settings({ SIGN_INS_PER_ORIGIN_HOURLY: '2' }));
      const begin = () => startSignIn({ ...world.signInApi, limits }, { email: person.email, application: 'connect', origin: `of ${person.id}` });
      await begin();
      await begin();
      await expect(begin()).rejects.toMatchObject({ slug: 'too-many-requests', headers: { 'Retry-After': expect.stringMatching(/^\d+$/) } });
      expect(await world.db('flows').where({ address: person.email })).toHaveLength(2);
    });

    test('check 15: a person\'s sign-ins send so many passcodes an hour; those that send none are not counted', async () => {
      const { world, person } = await scene();
      const deps = { ...world.signInApi, limits: createSignInLimits(world.db, settings({ SIGN_INS_WITH_PASSCODE_HOURLY: '2' })) };
      for (let signIn = 0; signIn < 5; signIn += 1) await limitPasscodes(deps, person.id, ['totp', 'change-password']);
      await limitPasscodes(deps, person.id, ['passcode']);
      await limitPasscodes(deps, person.id, ['enrol-phone', 'confirm-phone']);
      await expect(limitPasscodes(deps, person.id, ['passcode'])).rejects.toMatchObject({ slug: 'too-many-requests' });
    });
  });
});
