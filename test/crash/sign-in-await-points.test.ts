import { useVictims } from './everywhere';
import { changing, concluding, issuing, judging } from './sign-in-scenarios';

const kill = useVictims();

test.each(issuing)('checks 61, 62 and 68a: $title: one passcode arrives, the valid one, or it is known that none did', (scenario) => kill(scenario, 'sqlite'));
test.each(judging)('checks 5, 12 and 61: $title: judged once, one session made', (scenario) => kill(scenario, 'sqlite'));
test('checks 61 and 64: changePassword, completing a reset: password, session, reset and notices stand or fall together', () => kill(changing, 'sqlite'));
test.each(concluding)('check 61: $title: ends as if nobody had been killed', (scenario) => kill(scenario, 'sqlite'));

test.each([issuing[0]!, judging[0]!, changing])('checks 61, 62 and 64, on PostgreSQL: $title', (scenario) => kill(scenario, 'postgres'));
