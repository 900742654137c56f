import { mobile, person } from '../../support/demo';
import { expectStatus, type Flow } from '../../support/http';
import { decodedHistories, type DecodedHistory } from '../../support/histories';
import { inDatabaseOf } from '../../support/instance-database';
import { newPassword } from '../../support/journey';
import { codeIn, messagesTo } from '../../support/messages';
import { browserOf, demoPassword, enterPassword, firstSignIn, passcodeAfter, signInAgain, startSignIn, take } from '../../support/sign-in';
import { Authenticator } from '../../support/authenticator';
import { useInstance } from '../../support/use-instance';
import { waitFor } from '../../support/wait';

const { http, instance } = useInstance();
const MOST_EVENTS = 24;

/** The histories once `count` sign-ins have run to their end. */
function finished(count: number): Promise<DecodedHistory[]> {
  return waitFor(
    async () => {
      const histories = (await decodedHistories(instance())).filter(({ workflowId }) => workflowId.startsWith('sign-in-'));
      return histories.filter(({ text }) => text.includes('"outcome":"done"')).length >= count ? histories : undefined;
    },
    { what: `${count} finished sign-ins` },
  );
}

/** Whether a secret stands in a text on its own: six digits inside a longer number are another number. */
function holds(text: string, secret: string): boolean {
  return new RegExp(`(?<![\\w])${secret.replaceAll(/[^\w]/g, '\\$&')}(?![\\w])`).test(text);
}

/** Every value of every row, one a line. */
function databaseDump(): Promise<string> {
  return inDatabaseOf(instance(), async (db) => {
    const tables = await db<{ name: string }>('sqlite_master').where('type', 'table').select('name');
    const rows = await Promise.all(tables.map(({ name }) => db<Record<string, unknown>>(name).select()));
    return rows.flat().flatMap((row) => Object.values(row).map(String)).join('\n');
  });
}

test('a sign-in with passcode has at most 24 events, and check 8: no secret is anywhere but in its message or its answer', async () => {
  const password = demoPassword(instance());
  const first = await firstSignIn(http(), person(1), password, mobile(1));
  const [enrolled] = await finished(1);
  const again = await signInAgain(http(), person(1), password, mobile(1));
  const clean = (await finished(2)).find(({ workflowId }) => workflowId !== enrolled!.workflowId)!;
  console.log(`A sign-in with passcode has ${clean.events} events (at most ${MOST_EVENTS}); the first one, with a number enrolled and its notice, ${enrolled!.events}.`);
  expect(clean.events).toBeLessThanOrEqual(MOST_EVENTS);

  const raced = await passcodeAfter(http(), mobile(1), () => enterPassword(http(), person(1), password));
  const answers = await Promise.all(Array.from({ length: 16 }, () => take(http(), raced.flow.id, 'passcode', { code: raced.code })));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  const race = (await finished(3)).find(({ workflowId }) => ![enrolled!.workflowId, clean.workflowId].includes(workflowId))!;
  console.log(`A sign-in where 16 submits race has ${race.events} events.`);
  expect(race.events).toBeLessThanOrEqual(MOST_EVENTS + 4);

  const wrong = await startSignIn(http(), person(3));
  await take(http(), wrong.id, 'password', { authenticationType: 'cloud', password: 'Kzvtqw-Mxhb-2026' });
  await inDatabaseOf(instance(), (db) => db('users').where({ email: person(3) }).update({ password_temporary: true }));
  const given = await enterPassword(http(), person(3), password);
  const { secret } = given.details.enrolment as { secret: string };
  const totp = new Authenticator(secret).code();
  const { details } = expectStatus<Flow>(await take(http(), given.id, 'totp', { code: totp }), 200);
  const chosen = newPassword();
  const last = browserOf(http(), await take(http(), given.id, 'new-password', { password: chosen, confirmation: chosen }));
  const histories = await finished(4);

  const metrics = await http().with({ authorization: `Bearer ${await instance().operatorToken()}` }).get('/metrics');
  // The embedded mode tells its demo people's password when it starts.
  const logs = instance().output().replace(/password of all: [^)]*\)/, '');
  const places = { histories: histories.map(({ workflowId, text }) => `${workflowId}\n${text}`).join('\n'), logs, metrics: metrics.text, database: await databaseDump() };
  const tokens = [first, again, last].map(({ cookie }) => cookie.split('=')[1]!);
  const codes = (await messagesTo(http(), mobile(1))).map(codeIn);
  const secrets = [password, chosen, 'Kzvtqw-Mxhb-2026', secret, totp, wrong.id, given.id, first.flow.id, ...tokens, ...codes, ...(details.recoveryCodes as string[])];
  expect(codes).toHaveLength(3);
  // What could be read would be found: the dump holds what the workflows were given, decoded.
  expect(places.histories).toContain('"kind":"totp"');
  expect(places.database).toContain(mobile(1));
  for (const [place, text] of Object.entries(places)) expect([place, secrets.filter((each) => holds(text, each))]).toEqual([place, []]);
  // Wrong passwords, and right ones where nothing lasts, are heard of by no workflow.
  expect(histories).toHaveLength(4);
});
