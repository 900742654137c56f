import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { holdUntilEnd, inTransaction } from './connection';

export interface Group {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly profileId: string | null;
  readonly members: readonly string[];
  /** Groups whose people are its people too. */
  readonly groups: readonly string[];
}

/** A group names something of another account, or something that does not exist. */
export class ForeignReference extends Error {}

async function withMembers(db: Knex, rows: { id: string; account_code: string; name: string; profile_id: string | null }[]): Promise<Group[]> {
  const members = await db('group_members').whereIn('group_id', rows.map((row) => row.id)).orderBy('user_id').select<{ group_id: string; user_id: string }[]>('group_id', 'user_id');
  const groups = await db('group_groups').whereIn('group_id', rows.map((row) => row.id)).orderBy('member_group_id').select<{ group_id: string; member_group_id: string }[]>('group_id', 'member_group_id');
  return rows.map((row) => ({
    id: row.id, account: row.account_code, name: row.name, profileId: row.profile_id,
    members: members.filter((member) => member.group_id === row.id).map((member) => member.user_id),
    groups: groups.filter((group) => group.group_id === row.id).map((group) => group.member_group_id),
  }));
}

export async function listGroups(db: Knex, accountCode?: string): Promise<Group[]> {
  const query = db('groups').orderBy(['account_code', 'name']).select('*');
  return withMembers(db, accountCode === undefined ? await query : await query.where({ account_code: accountCode }));
}

/** The names of an account's groups, without their members: there may be very many of those. */
export async function groupNames(db: Knex, accountCode: string): Promise<string[]> {
  return db('groups').where({ account_code: accountCode }).orderBy('name').pluck('name');
}

export async function findGroup(db: Knex, id: string): Promise<Group | undefined> {
  return (await withMembers(db, await db('groups').where({ id }).select('*')))[0];
}

/**
 * Writes a group and its members, in one transaction.
 * @returns its id, or null where the account has another one of this name or there is none with this id
 * @throws ForeignReference where a member or the profile is not the account's own
 */
export async function saveGroup(db: Knex, group: Omit<Group, 'id' | 'groups'> & Partial<Pick<Group, 'groups'>>, id?: string): Promise<string | null> {
  return inTransaction(db, async (tx) => {
    const own = { account_code: group.account };
    await holdUntilEnd(tx, `groups/${group.account}`);
    const users = await tx('users').where(own).whereIn('id', group.members).pluck('id');
    if (users.length !== new Set(group.members).size) throw new ForeignReference('A member is not a user of this account.');
    const groups = (await tx('groups').where(own).whereIn('id', group.groups ?? []).pluck('id')) as string[];
    if (groups.length !== new Set(group.groups).size) throw new ForeignReference('A group in it is not one of this account.');
    if (group.profileId !== null && !(await tx('authentication_profiles').where({ ...own, id: group.profileId }).first('id'))) throw new ForeignReference('The profile is not one of this account.');
    if (!(await tx('accounts').where({ code: group.account }).first('code'))) throw new ForeignReference('There is no such account.');
    const named = await tx('groups').where({ ...own, name: group.name }).first<{ id: string } | undefined>('id');
    if (named && named.id !== id) return null;
    const saved = id ?? randomUUID();
    const row = { name: group.name, profile_id: group.profileId };
    if (id === undefined) await tx('groups').insert({ id: saved, ...own, ...row });
    else if ((await tx('groups').where({ id, ...own }).update(row)) !== 1) return null;
    await tx('group_members').where({ group_id: saved }).delete();
    if (users.length > 0) await tx('group_members').insert(users.map((user_id: string) => ({ group_id: saved, user_id })));
    await tx('group_groups').where({ group_id: saved }).delete();
    if (groups.length > 0) await tx('group_groups').insert(groups.map((member) => ({ group_id: saved, member_group_id: member })));
    return saved;
  });
}
