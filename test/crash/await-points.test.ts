import { useVictims } from './everywhere';
import { committing, concluding, issuing, verifying } from './scenarios';

const kill = useVictims();

test.each(issuing)('checks 61, 62 and 68a: $title: one secret arrives, the valid one, or the person is told', (scenario) => kill(scenario, 'sqlite'));
test.each(verifying)('checks 5, 12 and 61: $title: judged once', (scenario) => kill(scenario, 'sqlite'));
test.each(committing)('checks 61 and 64: $title: password, audit record and notices stand or fall together', (scenario) => kill(scenario, 'sqlite'));
test.each(concluding)('check 61: $title: ends as if nobody had been killed', (scenario) => kill(scenario, 'sqlite'));

const onPostgres = [issuing[0]!, verifying[0]!, verifying[2]!, committing[0]!, concluding.at(-1)!];
test.each(onPostgres)('checks 61, 62 and 64, on PostgreSQL: $title', (scenario) => kill(scenario, 'postgres'));
