import type { Knex } from 'knex';
import { codeLocks } from './code-failures';
import { failureKey, failureLocks } from './sign-in-failures';
import { factorLockMs, passwordLockMs, type LockKind } from '../domain/sign-in';

/** What of somebody is refused now, after too many wrong entries. */
export interface Lock {
  readonly what: LockKind;
  /** Milliseconds since the epoch; Infinity where somebody must lift it. */
  readonly until: number;
}

/** A user, and the digest of the address that tries are counted by. */
export interface Counted {
  readonly id: string;
  readonly person: string;
}

/** What is refused of each of these users, by their ids. */
export async function locksOf(db: Knex, users: readonly Counted[], now: number): Promise<Map<string, Lock[]>> {
  const factors = ({ id }: Counted): string[] => (['passcode', 'totp', 'recovery-code'] as const).map((kind) => failureKey.factor(kind, id));
  const passwords = await failureLocks(db, users.map(({ person }) => failureKey.person(person)), now, { lockMs: passwordLockMs });
  const steps = await failureLocks(db, users.flatMap(factors), now, { lockMs: factorLockMs });
  const codes = await codeLocks(db, users.map(({ person }) => person), now);
  return new Map(users.map((user) => {
    const latest = factors(user).map((key) => steps.get(key)).reduce<number | undefined>((last, until) => (until === undefined ? last : Math.max(last ?? 0, until)), undefined);
    const found = [['password', passwords.get(failureKey.person(user.person))], ['second-step', latest], ['reset-code', codes.get(user.person)]] as const;
    return [user.id, found.flatMap(([what, until]) => (until === undefined ? [] : [{ what, until }]))];
  }));
}
