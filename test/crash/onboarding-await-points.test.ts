import type { Engine } from './copies';
import { killEverywhere, type Scenario } from './experiment';
import { acting, validating } from './onboarding-scenarios';
import { Victims } from './victims';

let victims: Victims;
const killed: { readonly what: string; readonly points: number }[] = [];

beforeAll(async () => {
  victims = await Victims.build();
});
afterAll(async () => {
  console.log([`Killed at each of ${killed.reduce((sum, { points }) => sum + points, 0)} await points:`, ...killed.map(({ what, points }) => `${what}: ${points}`)].join('\n'));
  await victims.remove();
});

async function kill(scenario: Scenario, engine: Engine): Promise<void> {
  const points = await killEverywhere(scenario, engine, victims);
  killed.push({ what: `${scenario.title}, on ${engine}`, points });
  expect(points).toBeGreaterThan(0);
}

test.each(acting)('checks 61 and 64: $title: done once, the task and its records together', (scenario) => kill(scenario, 'sqlite'));
test.each(validating)('checks 61 and 64: $title: judged once, and whoever waits is told once', (scenario) => kill(scenario, 'sqlite'));
