import { useVictims } from './everywhere';
import { ending, suppliesAgain, welcomes } from './onboarding-mail-scenarios';
import { acting, validating } from './onboarding-scenarios';
import { confirms } from './opt-in-scenarios';

const kill = useVictims();

test.each(acting)('checks 61 and 64: $title: done once, the task and its records together', (scenario) => kill(scenario, 'sqlite'));
test.each(validating)('checks 61 and 64: $title: judged once, and whoever waits is told once', (scenario) => kill(scenario, 'sqlite'));
test('checks 61 and 64: correspond, the welcome: one password is made, and opens the account from the one mail that carries it', () => kill(welcomes, 'sqlite'));
test.each(ending)('checks 61 and 64: $title: told once, and ends as if nobody had been killed', (scenario) => kill(scenario, 'sqlite'));
test('checks 61, 62 and 64: sendConfirmation, of an opt-in by text: one code arrives, the valid one, or it is known that none did', () => kill(confirms, 'sqlite'));

test.each([acting[0]!, suppliesAgain, ending[1]!])('checks 61 and 64, on PostgreSQL: $title', (scenario) => kill(scenario, 'postgres'));
