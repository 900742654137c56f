import { locksOf, type Lock } from '../../db/locks';
import type { UserRow } from '../../db/users';
import { addressDigest } from '../../security/digests';
import type { UserDependencies } from './dependencies';

const lockView = ({ what, until }: Lock) => ({ what, until: until === Infinity ? null : new Date(until).toISOString() });

/** Users as administrators see them, each with what is refused of them now. */
export async function userViews({ db, keys, clock }: Pick<UserDependencies, 'db' | 'keys' | 'clock'>, users: readonly UserRow[]) {
  const locks = await locksOf(db, users.map(({ id, email }) => ({ id, person: addressDigest(keys, email) })), clock());
  return users.map((user) => ({
    id: user.id, account: user.account_code, email: user.email, name: user.name, role: user.role, status: user.status, authentication: user.authentication,
    locks: (locks.get(user.id) ?? []).map(lockView),
  }));
}
