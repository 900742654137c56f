import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2';

/**
 * Does the proof of work that stands for reading the picture: some seconds of calculation, no sight needed.
 *
 * @returns the answer to send: challenge and solution as base64 of JSON
 * @throws Error where no solution was found in time
 */
export async function solveAlternative(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (!solution) throw new Error('No solution was found in time.');
  return btoa(JSON.stringify({ challenge, solution }));
}
