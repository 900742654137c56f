import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { checkCsv } from '../../imports/csv';
import type { ImportRequest } from '../../imports/staging';
import { mergeImport } from '../../db/import-merge';
import { importLimits } from '../../domain/imports';
import { createAccount } from '../support/accounts';
import { eachDatabase } from '../support/database';

const ACCOUNT = 'CEU11A1';
const LINES = importLimits.lines;
const LINES_A_PIECE = 500;
/** Less than what a line costs that is kept, as cells and objects. */
const KEPT_LINE_BYTES = 150;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the process holds on to, without what it has let go of. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** A file of so many lines, made as it is read; `sent` counts the lines that were asked for so far. */
function bigFile(lines: number, lineOf: (number: number) => string) {
  const progress = { sent: 0 };
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('email,name,mobile\n');
    while (progress.sent < lines) {
      const many = Math.min(LINES_A_PIECE, lines - progress.sent);
      const first = progress.sent;
      progress.sent += many;
      yield Buffer.from(Array.from({ length: many }, (_, index) => `${lineOf(first + index)}\n`).join(''));
    }
  }
  return { progress, content };
}

const user = (number: number): string => `p${number}@lighthouse.example,Person ${number},${number % 2 ? '+1 202 555 0101' : ''}`;

eachDatabase('a large file', (database) => {
  let imports = 0;
  const request = (): ImportRequest => ({ importId: `import-${++imports}`, accountCode: ACCOUNT, authentication: 'cloud', rules: { domains: ['lighthouse.example'], mobileAttribute: 'mobile' } });
  const deps = (onProgress: (read: number) => void = () => undefined) => ({ db: database.db(), clock: () => 1, onProgress });

  beforeAll(() => createAccount(database.db(), ACCOUNT, 'lighthouse.example'));

  test(`of ${LINES} users is read no faster than it is put away, and taken over as a whole`, async () => {
    const { progress, content } = bigFile(LINES, user);
    const ahead: number[] = [];
    const memory: number[] = [];
    const watch = (read: number): void => {
      ahead.push(progress.sent - read);
      if (ahead.length % 20 === 0) memory.push(memoryInUse());
    };
    const asked = request();
    const outcome = await checkCsv(deps(watch), asked, content());
    expect(outcome).toMatchObject({ result: 'ok', facts: { read: LINES, problems: 0, plan: { counts: { add: LINES, change: 0, leave: 0, conflict: 0 } } } });
    // A few pieces are under way between the file and the database, never the file.
    expect(ahead.length).toBeGreaterThan(100);
    expect(Math.max(...ahead)).toBeLessThan(LINES / 4);
    expect(memory.length).toBeGreaterThan(5);
    expect(memory.at(-1)! - memory[0]!).toBeLessThan(LINES * KEPT_LINE_BYTES);
    expect(await mergeImport(database.db(), asked.importId, { at: 2, by: null })).toEqual({ add: LINES, change: 0, leave: 0, conflict: 0 });
    const [{ users }] = await database.db()('users').where({ account_code: ACCOUNT }).count({ users: '*' }) as [{ users: number | string }];
    const [{ numbers }] = await database.db()('user_attributes').where({ name: 'mobile', value: '+12025550101' }).count({ numbers: '*' }) as [{ numbers: number | string }];
    expect([Number(users), Number(numbers)]).toEqual([LINES, LINES / 2]);
  });

  test(`of ${LINES} users with a few changes is compared with those that there are`, async () => {
    const { content } = bigFile(LINES, (number) => (number % 100 === 0 ? user(number).replace('Person', 'Someone') : user(number)));
    const asked = request();
    expect(await checkCsv(deps(), asked, content())).toMatchObject({ result: 'ok', facts: { plan: { counts: { add: 0, change: LINES / 100, leave: LINES - LINES / 100, conflict: 0 } } } });
    expect(await mergeImport(database.db(), asked.importId, { at: 3, by: null })).toMatchObject({ change: LINES / 100 });
  });

  test('of one line more is refused', async () => {
    const { content } = bigFile(LINES + 1, () => 'nobody,Nobody,');
    expect(await checkCsv(deps(), request(), content())).toEqual({
      result: 'wrong', code: 'too-many-lines', reason: 'The file has more than 50,000 lines.', whatToDo: 'Bring your users in by several files, one after the other.',
    });
  });
});
