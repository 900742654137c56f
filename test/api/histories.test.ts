import { openDatabase } from '../../db/connection';
import { mobile, person } from '../support/demo';
import { decodedHistories, type DecodedHistory } from '../support/histories';
import { act, proveByLink, proveBySms, proveByTemporaryPassword, receiveSecret, savePassword } from '../support/journey';
import { codeIn } from '../support/messages';
import { useInstance } from '../support/use-instance';
import { waitFor } from '../support/wait';

const { http, instance } = useInstance();
const MOST_EVENTS_CLEAN = 36;
const MOST_EVENTS_RACE = 40;

/** The histories once `count` resets have run to their end. */
function finished(count: number): Promise<DecodedHistory[]> {
  return waitFor(
    async () => {
      const histories = await decodedHistories(instance());
      return histories.filter(({ text }) => text.includes('done')).length >= count ? histories : undefined;
    },
    { what: `${count} finished histories` },
  );
}

/** Whether a secret stands in a text on its own: six digits inside a longer number are another number. */
function holds(text: string, secret: string): boolean {
  const escaped = secret.replaceAll(/[^\w]/g, '\\$&');
  return new RegExp(`(?<![\\w])${escaped}(?![\\w])`).test(text);
}

/** Every value of every row, one a line. */
async function databaseDump(): Promise<string> {
  const db = openDatabase({ DATA_DIR: instance().dataDir });
  try {
    const tables = await db<{ name: string }>('sqlite_master').where('type', 'table').select('name');
    const rows = await Promise.all(tables.map(({ name }) => db<Record<string, unknown>>(name).select()));
    return rows.flat().flatMap((row) => Object.values(row).map(String)).join('\n');
  } finally {
    await db.destroy();
  }
}

test('a clean reset and a race stay short, and check 8: no secret is anywhere but in its message', async () => {
  const byCode = await proveBySms(http(), person(1), mobile(1));
  const first = await savePassword(http(), byCode.proven.id);
  const [clean] = await finished(1);
  console.log(`A clean reset by code has ${clean!.events} events (at most ${MOST_EVENTS_CLEAN}).`);
  expect(clean!.events).toBeLessThanOrEqual(MOST_EVENTS_CLEAN);

  const { flow, message } = await receiveSecret(http(), person(3), mobile(3), 'sms');
  const answers = await Promise.all(Array.from({ length: 16 }, () => act(http(), flow.id, 'code', { code: codeIn(message) })));
  const raced = await savePassword(http(), answers.find(({ status }) => status === 200)!.body.id);
  const race = (await finished(2)).find(({ workflowId }) => workflowId !== clean!.workflowId)!;
  console.log(`A reset where 16 submits race has ${race.events} events (at most ${MOST_EVENTS_RACE}).`);
  expect(race.events).toBeLessThanOrEqual(MOST_EVENTS_RACE);

  const byLink = await proveByLink(http(), person(5));
  const third = await savePassword(http(), byLink.proven.id);
  const byPassword = await proveByTemporaryPassword(http(), person(7));
  const fourth = await savePassword(http(), byPassword.proven.id);
  const histories = await finished(4);

  const metrics = await http().with({ authorization: `Bearer ${await instance().operatorToken()}` }).get('/metrics');
  const places = {
    histories: histories.map(({ workflowId, text }) => `${workflowId}\n${text}`).join('\n'),
    logs: instance().output(),
    metrics: metrics.text,
    database: await databaseDump(),
  };
  const secrets = [byCode, byLink, byPassword].flatMap(({ begun, proven, secret }) => [begun.id, proven.id, secret]).concat(codeIn(message), [first, raced, third, fourth].map(({ password }) => password));
  // What could be read would be found: the dump holds what the workflows were given, decoded.
  expect(places.histories).toContain('"variant":"temporary-password"');
  expect(places.database).toContain(person(1));
  for (const [place, text] of Object.entries(places)) {
    expect([place, secrets.filter((secret) => holds(text, secret))]).toEqual([place, []]);
  }
});
