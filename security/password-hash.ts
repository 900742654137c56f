import { hash } from '@node-rs/argon2';

/** argon2id (2: the package's constant is a const enum) with 19 MiB, 2 passes, one lane, as OWASP's password storage cheat sheet asks. */
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Hashes a password. What people choose is hashed at the API's edge, where how many are hashed at once is bounded. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2);
}
