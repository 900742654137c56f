import type { Engine } from './copies';
import { killEverywhere, type Scenario } from './experiment';
import { Victims } from './victims';

/** Builds what victims run, for the tests of a file, and says at its end how many points each was killed at. Answers how a scenario is killed: at each of its points, at least at one. */
export function useVictims(): (scenario: Scenario, engine: Engine) => Promise<void> {
  let victims: Victims;
  const killed: { readonly what: string; readonly points: number }[] = [];
  beforeAll(async () => {
    victims = await Victims.build();
  });
  afterAll(async () => {
    console.log([`Killed at each of ${killed.reduce((sum, { points }) => sum + points, 0)} await points:`, ...killed.map(({ what, points }) => `${what}: ${points}`)].join('\n'));
    await victims.remove();
  });
  return async (scenario, engine) => {
    const points = await killEverywhere(scenario, engine, victims);
    killed.push({ what: `${scenario.title}, on ${engine}`, points });
    expect(points).toBeGreaterThan(0);
  };
}
