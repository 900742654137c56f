import { checkCsv } from '../../imports/csv';
import type { ImportRequest } from '../../imports/staging';
import { ImportNotReady, mergeImport, planImport } from '../../db/import-merge';
import { findUpload, readUpload, saveUpload, UploadTooLarge } from '../../db/import-uploads';
import { beginImport, findImport, ImportSuperseded, purgeImports, type StagedPerson } from '../../db/imports';
import { openDatabase } from '../../db/connection';
import { importLimits } from '../../domain/imports';
import { createAccount, createUser, usersOf } from '../support/accounts';
import { eachDatabase } from '../support/database';

const ACCOUNT = 'CEU11A1';
const OTHER = 'CUS22B2';
const MERGED = { at: 5_000, by: null };

eachDatabase('imports', (database) => {
  let count = 0;
  const newId = (): string => `import-${++count}`;
  const about = (id: string) => ({ id, accountCode: ACCOUNT, source: 'csv' as const, authentication: 'cloud' as const });
  const people = (from: number, to: number): StagedPerson[] => Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    return { line: number, email: `p${number}@lighthouse.example`, name: `Person ${number}`, attributes: { mobile: '+12025550101' } };
  });
  const userCount = async (): Promise<number> => Object.keys(await usersOf(database.db(), ACCOUNT)).length;

  async function staged(...batches: readonly StagedPerson[][]): Promise<string> {
    const id = newId();
    const staging = await beginImport(database.db(), about(id), 1);
    for (const batch of batches) await staging.add(batch);
    await staging.finish(true);
    return id;
  }

  beforeAll(async () => {
    await createAccount(database.db(), ACCOUNT, 'lighthouse.example');
    await createAccount(database.db(), OTHER, 'harbour.example');
  });
  beforeEach(async () => {
    await database.db()('users').delete();
  });

  test('what was not read to its end is never taken over', async () => {
    const id = newId();
    const staging = await beginImport(database.db(), about(id), 1);
    await staging.add(people(0, 600));
    await expect(mergeImport(database.db(), id, MERGED)).rejects.toThrow(ImportNotReady);
    await expect(planImport(database.db(), id)).rejects.toThrow(ImportNotReady);
    await expect(mergeImport(database.db(), 'no such import', MERGED)).rejects.toThrow(ImportNotReady);
    expect(await userCount()).toBe(0);
  });

  test('reading anew begins from nothing, and the reader before can add nothing more', async () => {
    const id = newId();
    const killed = await beginImport(database.db(), about(id), 1);
    await killed.add(people(0, 10));
    const again = await beginImport(database.db(), about(id), 2);
    await expect(killed.add(people(10, 20))).rejects.toThrow(ImportSuperseded);
    await expect(killed.finish(true)).rejects.toThrow(ImportSuperseded);
    expect(await again.add(people(5, 8))).toEqual([]);
    await again.finish(true);
    expect(await mergeImport(database.db(), id, MERGED)).toMatchObject({ add: 3 });
    expect(Object.keys(await usersOf(database.db(), ACCOUNT))).toEqual(['p5@lighthouse.example', 'p6@lighthouse.example', 'p7@lighthouse.example']);
  });

  test('what was taken over is not read again', async () => {
    const id = await staged(people(0, 1));
    await mergeImport(database.db(), id, MERGED);
    await expect(beginImport(database.db(), about(id), 3)).rejects.toThrow(ImportSuperseded);
    expect(await planImport(database.db(), id)).toEqual({ counts: { add: 1, change: 0, leave: 0, conflict: 0 }, conflicts: [] });
  });

  test('an address that was there before is told with both lines, within a batch and across batches', async () => {
    const staging = await beginImport(database.db(), about(newId()), 1);
    const [first] = people(0, 1);
    expect(await staging.add([...people(0, 600), { ...first!, line: 600 }])).toEqual([{ email: 'p0@lighthouse.example', line: 600, firstLine: 0 }]);
    expect(await staging.add([{ ...first!, line: 601 }, { ...people(599, 600)[0]!, line: 602 }])).toEqual([
      { email: 'p0@lighthouse.example', line: 601, firstLine: 0 }, { email: 'p599@lighthouse.example', line: 602, firstLine: 599 },
    ]);
  });

  test('taking over that fails at its end leaves everything as it was, and can be repeated', async () => {
    const db = database.db();
    await createUser(db, ACCOUNT, { email: 'p1@lighthouse.example', name: 'Before', attributes: { mobile: '+12025550199' } });
    const before = await usersOf(db, ACCOUNT);
    const id = await staged(people(0, 500));
    await db.schema.renameTable('audit', 'audit_away');
    try {
      await expect(mergeImport(db, id, MERGED)).rejects.toThrow(/audit/);
    } finally {
      await db.schema.renameTable('audit_away', 'audit');
    }
    expect(await usersOf(db, ACCOUNT)).toEqual(before);
    expect(await findImport(db, id)).toMatchObject({ state: 'staged', merged_at: null });
    expect(await mergeImport(db, id, MERGED)).toEqual({ add: 499, change: 1, leave: 0, conflict: 0 });
    expect((await usersOf(db, ACCOUNT))['p1@lighthouse.example']).toMatchObject({ name: 'Person 1', mobile: '+12025550101' });
  });

  test('check 5: many who take it over at once take it over once, and all are told the same', async () => {
    const db = database.db();
    const id = await staged(people(0, 300));
    const connections = Array.from({ length: 4 }, () => openDatabase(database.settings()));
    try {
      const answers = await Promise.all(Array.from({ length: 16 }, (_, index) => mergeImport(connections[index % 4]!, id, { at: 5_000 + index, by: null })));
      expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(new Set([JSON.stringify({ add: 300, change: 0, leave: 0, conflict: 0 })]));
    } finally {
      await Promise.all(connections.map((connection) => connection.destroy()));
    }
    expect(await userCount()).toBe(300);
    expect(await db('audit').where({ action: 'users.imported' }).whereRaw('at BETWEEN 5000 AND 5015').andWhereLike('details', '%"add":300%')).toHaveLength(1);
  });

  test('two imports with the same people at once add each of them once', async () => {
    const [one, other] = [await staged(people(0, 300)), await staged(people(100, 400))];
    const [first, second] = [openDatabase(database.settings()), openDatabase(database.settings())];
    try {
      const counts = await Promise.all([mergeImport(first, one, MERGED), mergeImport(second, other, MERGED)]);
      expect(counts[0]!.add + counts[1]!.add).toBe(400);
      expect(counts[0]!.leave + counts[1]!.leave).toBe(200);
    } finally {
      await Promise.all([first.destroy(), second.destroy()]);
    }
    expect(await userCount()).toBe(400);
  });

  test('what changed since the dry run is seen', async () => {
    const db = database.db();
    const id = await staged(people(0, 4));
    expect((await planImport(db, id)).counts).toEqual({ add: 4, change: 0, leave: 0, conflict: 0 });
    await createUser(db, ACCOUNT, { email: 'p0@lighthouse.example', name: 'Person 0', attributes: { mobile: '+12025550101' } });
    await createUser(db, ACCOUNT, { email: 'p1@lighthouse.example', name: 'Person 1', status: 'disabled' });
    await createUser(db, OTHER, { email: 'p2@lighthouse.example', name: 'Somebody else' });
    expect(await mergeImport(db, id, MERGED)).toEqual({ add: 1, change: 0, leave: 1, conflict: 2 });
    expect(await usersOf(db, OTHER)).toEqual({ 'p2@lighthouse.example': { name: 'Somebody else', authentication: 'cloud' } });
    expect((await usersOf(db, ACCOUNT))['p1@lighthouse.example']).toEqual({ name: 'Person 1', authentication: 'cloud' });
  });

  test('check 20: an address that another account has is in conflict, whoever lists it among addresses', async () => {
    const db = database.db();
    await createUser(db, OTHER, { email: 'p0@lighthouse.example', name: 'Somebody else' });
    await createUser(db, OTHER, { email: 'theirs@harbour.example', name: 'Theirs', others: ['p1@lighthouse.example'] });
    await createUser(db, OTHER, { email: 'p2@lighthouse.example', name: 'Somebody else' });
    await db('user_addresses').where({ address: 'p2@lighthouse.example' }).delete();
    const elsewhere = (line: number) => ({ line, why: 'elsewhere' });
    expect(await planImport(db, await staged(people(0, 3)))).toEqual({ counts: { add: 0, change: 0, leave: 0, conflict: 3 }, conflicts: [0, 1, 2].map(elsewhere) });
  });

  test('of many conflicts a hundred are told, and all are counted', async () => {
    const db = database.db();
    for (let number = 0; number < 120; number++) await createUser(db, OTHER, { email: `p${number}@lighthouse.example`, name: 'Somebody else' });
    const { counts, conflicts } = await planImport(db, await staged(people(0, 130)));
    expect(counts).toEqual({ add: 10, change: 0, leave: 0, conflict: 120 });
    expect(conflicts).toEqual(Array.from({ length: importLimits.told }, (_, line) => ({ line, why: 'elsewhere' })));
  });

  test('what is old is forgotten, and what was taken over stays known', async () => {
    const db = database.db();
    const [old, merged] = [await staged(people(0, 5)), await staged(people(5, 10))];
    await mergeImport(db, merged, MERGED);
    const young = newId();
    await (await beginImport(db, about(young), 1_000)).add(people(0, 5));
    await purgeImports(db, 1_000);
    expect([await findImport(db, old), (await findImport(db, merged))?.state, (await findImport(db, young))?.state]).toEqual([undefined, 'merged', 'staging']);
    expect(await db('import_rows').where({ import_id: old })).toEqual([]);
    expect(await db('import_attributes').where({ import_id: old })).toEqual([]);
  });

  describe('a file', () => {
    const upload = (id: string) => ({ id, accountCode: ACCOUNT, fileName: 'users.csv' });
    async function* pieces(...contents: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
      for (const content of contents) {
        if (content instanceof Error) throw content;
        yield Buffer.from(content);
      }
    }
    const readBack = async (id: string): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of readUpload(database.db(), id)) chunks.push(chunk);
      return Buffer.concat(chunks);
    };

    test('is stored as it arrives, and read back to the byte', async () => {
      const content = Array.from({ length: 100 }, (_, index) => `${index},`.repeat(3_000));
      const saved = await saveUpload(database.db(), upload('whole'), pieces(...content), 1);
      expect(saved).toEqual({ id: 'whole', fileName: 'users.csv', bytes: content.join('').length });
      expect(await findUpload(database.db(), ACCOUNT, 'whole')).toEqual(saved);
      expect((await readBack('whole')).toString()).toBe(content.join(''));
      expect(await database.db()('import_upload_chunks').where({ upload_id: 'whole' })).not.toHaveLength(1);
    });

    test('becomes users', async () => {
      const db = database.db();
      await saveUpload(db, upload('users'), pieces('email,na', 'me\nanna@lighthouse.example,Anna\n'), 1);
      const request: ImportRequest = { importId: newId(), accountCode: ACCOUNT, authentication: 'cloud', rules: { domains: ['lighthouse.example'], mobileAttribute: 'mobile' } };
      expect(await checkCsv({ db, clock: () => 1 }, request, readUpload(db, 'users'))).toMatchObject({ result: 'ok', facts: { plan: { counts: { add: 1 } } } });
    });

    test('that breaks off is not there', async () => {
      await expect(saveUpload(database.db(), upload('broken'), pieces('x'.repeat(600_000), new Error('The browser was closed.')), 1)).rejects.toThrow('The browser was closed.');
      expect(await findUpload(database.db(), ACCOUNT, 'broken')).toBeUndefined();
      expect(await readBack('broken')).toHaveLength(0);
    });

    test('that is still arriving is not found', async () => {
      await database.db()('import_uploads').insert({ id: 'arriving', account_code: ACCOUNT, file_name: 'users.csv', bytes: null, created_at: 1 });
      expect(await findUpload(database.db(), ACCOUNT, 'arriving')).toBeUndefined();
    });

    test('that is too large is refused as soon as it is, and nothing of it is kept', async () => {
      let sent = 0;
      async function* endless(): AsyncGenerator<Uint8Array> {
        for (;;) {
          sent += 1_000_000;
          yield Buffer.alloc(1_000_000);
        }
      }
      await expect(saveUpload(database.db(), upload('large'), endless(), 1)).rejects.toThrow(UploadTooLarge);
      expect(sent).toBeLessThan(importLimits.fileBytes + 3_000_000);
      expect(await readBack('large')).toHaveLength(0);
    });

    test('of another account is not found', async () => {
      expect(await findUpload(database.db(), OTHER, 'whole')).toBeUndefined();
    });
  });
});
