import { nobody, person } from './demo';

type Samples = readonly [known: number[], unknown: number[]];

async function timed(request: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await request();
  return performance.now() - started;
}

/** Times the same request for somebody known and for nobody, in turns, so that what else the machine does meets both alike. */
export async function inTurns(pairs: number, prepare: (email: string) => Promise<() => Promise<unknown>>, known: (pair: number) => string = (pair) => person((pair % 50) + 1)): Promise<Samples> {
  const samples: Samples = [[], []];
  for (let pair = 0; pair < pairs; pair += 1) {
    const turns = [[0, known(pair)], [1, nobody()]] as const;
    for (const [which, email] of pair % 2 === 0 ? turns : [...turns].reverse()) samples[which].push(await timed(await prepare(email)));
  }
  return samples;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The largest distance of two empirical distributions (Kolmogorov and Smirnov). */
function distance([a, b]: Samples): number {
  const share = (values: readonly number[], limit: number): number => values.filter((value) => value <= limit).length / values.length;
  return Math.max(...[...a, ...b].map((limit) => Math.abs(share(a, limit) - share(b, limit))));
}

/** At this distance and beyond, equal distributions are seen in less than one of a hundred tries. */
const critical = (pairs: number): number => 1.628 * Math.sqrt(2 / pairs);

/** Expects that nobody could tell the two apart by the time. */
export function expectAlike(what: string, samples: Samples): void {
  const [known, unknown] = samples.map(median) as [number, number];
  const seen = distance(samples);
  console.log(`${what}: median ${known.toFixed(1)} ms for somebody known, ${unknown.toFixed(1)} ms for nobody; distance ${seen.toFixed(3)}, critical ${critical(samples[0].length).toFixed(3)}.`);
  expect(Math.abs(known - unknown) < 5 || seen < critical(samples[0].length)).toBe(true);
}
