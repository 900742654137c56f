import { z } from 'zod';
import type { TaskName } from '../../domain/onboarding/tasks';

type Facts = Readonly<Record<string, unknown>> | null;
type Said = (facts: Facts) => string[];

/** Says what facts of this shape hold; of others nothing. */
function saying<Shape>(shape: z.ZodType<Shape>, say: (facts: Shape) => string[]): Said {
  return (facts) => {
    const read = shape.safeParse(facts);
    return read.success ? say(read.data) : [];
  };
}

const counted = (count: number, one: string, many: string): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const domains = saying(z.object({ verified: z.array(z.string()) }), ({ verified }) => verified.map((domain) => `The record of ${domain} was found.`));

const outbound = saying(
  z.object({ hosts: z.array(z.object({ host: z.string(), addresses: z.array(z.string()) })), domains: z.array(z.object({ domain: z.string(), lookups: z.number(), tooManyLookups: z.boolean() })) }),
  ({ hosts, domains: included }) => [
    ...hosts.map(({ host, addresses }) => (addresses.length === 1 && addresses[0] === host ? `${host} is a public address.` : `${host} has the public ${addresses.length === 1 ? 'address' : 'addresses'} ${addresses.join(', ')}.`)),
    ...included.map(({ domain, lookups, tooManyLookups }) => `The SPF record of ${domain} includes us${tooManyLookups ? `, and asks the DNS ${lookups} times: more than 10 are too many for receivers` : ''}.`),
  ],
);

const inbound = saying(
  z.object({
    host: z.object({ host: z.string(), port: z.number(), startTls: z.object({ works: z.boolean().default(false) }) }).nullable(),
    mx: z.array(z.object({ domain: z.string(), exchangers: z.array(z.string()), changed: z.boolean(), ours: z.boolean() })),
    notes: z.array(z.string()),
  }),
  ({ host, mx, notes }) => [
    ...(host ? [`${host.host} takes mail on port ${host.port}${host.startTls.works ? ', encrypted with STARTTLS' : ''}.`] : []),
    ...mx.map(({ domain, exchangers, changed, ours }) => `Mail for ${domain} goes to ${exchangers.join(', ')}${ours ? ': to us' : ''}${changed ? ', which was changed since this task was begun' : ''}.`),
    ...notes,
  ],
);

const importCounts = z.object({ add: z.number(), change: z.number(), leave: z.number(), conflict: z.number() });

/** What an import holds, and with `done` what became of it. */
const imported = z.object({ read: z.number(), plan: z.object({ counts: importCounts }), done: importCounts.optional() });

const users = saying(imported, ({ read, plan, done }) => {
  const { add, change, leave, conflict } = done ?? plan.counts;
  const [added, changed] = done ? ['Added', 'Changed'] : ['To be added', 'To be changed'];
  return [
    `${counted(read, 'person was', 'people were')} read.`, `${added}: ${add.toLocaleString('en')}. ${changed}: ${change.toLocaleString('en')}. As they are already: ${leave.toLocaleString('en')}.`,
    ...(conflict > 0 ? [`${counted(conflict, 'person is', 'people are')} left out because of a conflict.`] : []),
  ];
});

const authentication = saying(z.object({ method: z.enum(['cloud', 'domain']), testUser: z.string().optional() }), ({ method, testUser }) => [
  method === 'cloud' ? 'Your people sign in with a password that is kept here.' : `${testUser ?? 'The user'} signed in to your directory. Domain is offered from now on.`,
]);

const sms = saying(z.object({ users: z.number() }), ({ users: count }) => [`${counted(count, 'user has', 'users have')} a value in this attribute.`]);

const none: Said = () => [];
const said: Readonly<Record<TaskName, Said>> = { details: none, domains, users, authentication, 'outbound-mail': outbound, 'inbound-mail': inbound, sms, review: none };

/** What a validation found, in sentences. */
export function factsInWords(task: TaskName, facts: Facts): string[] {
  return said[task](facts);
}

const problem = z.object({ line: z.number(), reason: z.string() });

/** Lines of a file, or people of a directory, that could not be taken, and who was left as they are: at most so many are told. */
export function importProblems(facts: Facts): { readonly line: number; readonly reason: string }[] {
  const told = z.object({ toldProblems: z.array(problem) }).safeParse(facts);
  return told.success ? told.data.toldProblems : [];
}
