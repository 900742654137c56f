import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { openDatabase } from '../../db/connection';
import { findGroup, ForeignReference, listGroups, saveGroup } from '../../db/groups';
import { findProfile, insertProfile, listProfiles, updateProfile } from '../../db/profiles';
import { profileOfAddress, profileOfUser, type ProfileRow } from '../../db/users';
import { eachDatabase } from '../support/database';
import { addAccount, addPerson } from '../support/reset-world';

eachDatabase('groups and authentication profiles', (database) => {
  let another: Knex;
  beforeAll(() => {
    another = openDatabase(database.settings());
  });
  afterAll(() => another.destroy());

  async function scene() {
    const db = database.db();
    const account = await addAccount(db);
    const { id, ...profile } = (await findProfile(db, account.profileId))!;
    return { db, account, profile, defaultId: id, person: await addPerson(db, account) };
  }
  const named = async (db: Knex, profile: Omit<ProfileRow, 'id'>, name: string): Promise<string> => (await insertProfile(db, { ...profile, name }))!;

  test('a profile is stored as it was given, and listed with its account\'s', async () => {
    const { db, account, profile, defaultId } = await scene();
    const given = { ...profile, name: 'Strict', reset_self_service: false, reset_by_sms: false, two_step: 'strong' as const, password_min_length: 20, link_ttl_ms: 86_400_000, help_contact: 'the porter' };
    const id = (await insertProfile(db, given))!;
    const stored = (await findProfile(db, id))!;
    expect({ ...stored, reset_self_service: Boolean(stored.reset_self_service), reset_by_sms: Boolean(stored.reset_by_sms) }).toMatchObject({ id, account_code: account.code, name: 'Strict', reset_self_service: false, reset_by_sms: false, two_step: 'strong', password_min_length: 20, link_ttl_ms: 86_400_000, help_contact: 'the porter' });
    expect((await listProfiles(db, account.code)).map((row) => row.id)).toEqual([defaultId, id]);
    expect((await listProfiles(db)).length).toBeGreaterThanOrEqual(2);
    expect(await findProfile(db, randomUUID())).toBeUndefined();
  });

  test('an account has one profile of a name, also when two are made at once', async () => {
    const { db, profile } = await scene();
    const made = await Promise.all([db, another, db, another].map((process) => insertProfile(process, { ...profile, name: 'Twice' })));
    expect(made.filter((id) => id !== null)).toHaveLength(1);
  });

  test('a profile is changed, and never carried to another account', async () => {
    const { db, account, profile } = await scene();
    const other = await addAccount(db);
    const id = await named(db, profile, 'Mine');
    expect(await updateProfile(db, id, { ...profile, name: 'Renamed', code_ttl_ms: 60_000 })).toBe(true);
    expect(await updateProfile(db, id, { ...profile, name: 'Stolen', account_code: other.code })).toBe(false);
    expect(await updateProfile(db, randomUUID(), profile)).toBe(false);
    expect(await findProfile(db, id)).toMatchObject({ account_code: account.code, name: 'Renamed', code_ttl_ms: 60_000 });
  });

  test('a group keeps its members and its profile', async () => {
    const { db, account, profile, person } = await scene();
    const profileId = await named(db, profile, 'For a group');
    const id = (await saveGroup(db, { account: account.code, name: 'Keepers', profileId, members: [person.id] }))!;
    expect(await findGroup(db, id)).toEqual({ id, account: account.code, name: 'Keepers', profileId, members: [person.id], groups: [] });
    const second = await addPerson(db, account);
    expect(await saveGroup(db, { account: account.code, name: 'Watch', profileId: null, members: [second.id] }, id)).toBe(id);
    expect(await listGroups(db, account.code)).toEqual([{ id, account: account.code, name: 'Watch', profileId: null, members: [second.id], groups: [] }]);
    const outer = (await saveGroup(db, { account: account.code, name: 'All', profileId: null, members: [], groups: [id] }))!;
    expect((await findGroup(db, outer))!.groups).toEqual([id]);
    expect(await findGroup(db, randomUUID())).toBeUndefined();
  });

  test('a group takes nothing of another account, and is left as it was where it is refused', async () => {
    const { db, account, person } = await scene();
    const foreign = await scene();
    const group = { account: account.code, name: 'Keepers', profileId: null, members: [person.id] };
    const id = (await saveGroup(db, group))!;
    for (const change of [{ members: [foreign.person.id] }, { members: [randomUUID()] }, { groups: [randomUUID()] }, { profileId: foreign.defaultId }, { account: 'NONE', members: [] }]) {
      await expect(saveGroup(db, { ...group, name: 'Changed', ...change }, id)).rejects.toBeInstanceOf(ForeignReference);
    }
    expect(await saveGroup(db, { ...group, account: foreign.account.code, members: [] }, id)).toBeNull();
    expect(await findGroup(db, id)).toEqual({ id, ...group, groups: [] });
  });

  test('an account has one group of a name, also when two are saved at once', async () => {
    const { db, account } = await scene();
    const group = { account: account.code, name: 'Twice', profileId: null, members: [] };
    const saved = await Promise.all([db, another, db, another].map((process) => saveGroup(process, group)));
    expect(saved.filter((id) => id !== null)).toHaveLength(1);
    const other = (await saveGroup(db, { ...group, name: 'Another' }))!;
    expect(await saveGroup(db, group, other)).toBeNull();
    expect(await saveGroup(db, group, randomUUID())).toBeNull();
  });

  test('a person\'s profile is their group\'s, of several the one whose group comes first by name, else the account\'s', async () => {
    const { db, account, profile, defaultId, person } = await scene();
    expect((await profileOfUser(db, person)).id).toBe(defaultId);
    const groups = ['Zebra', 'Alpha', 'Middle', 'Aardvark without a profile'];
    const ids: (string | null)[] = [];
    for (const name of groups) {
      const profileId = name.startsWith('Aardvark') ? null : await named(db, profile, `for ${name}`);
      ids.push(profileId);
      await saveGroup(db, { account: account.code, name, profileId, members: [person.id] });
      const expected = name === 'Zebra' ? ids[0] : ids[1];
      expect((await profileOfUser(db, person)).id).toBe(expected);
    }
    expect((await profileOfUser(db, await addPerson(db, account))).id).toBe(defaultId);
  });

  test('check 23: before anything is proven the domain\'s profile applies, whoever asks', async () => {
    const { db, account, profile, defaultId, person } = await scene();
    await saveGroup(db, { account: account.code, name: 'Keepers', profileId: await named(db, profile, 'Theirs'), members: [person.id] });
    for (const address of [person.email, `nobody@${account.domain}`, `NOBODY@${account.domain.toUpperCase()}`]) {
      expect(await profileOfAddress(db, address)).toMatchObject({ accountCode: account.code, profile: { id: defaultId } });
    }
    expect(await profileOfAddress(db, 'nobody@elsewhere.example')).toMatchObject({ accountCode: null, profile: { link_ttl_ms: 3_600_000 } });
  });
});
