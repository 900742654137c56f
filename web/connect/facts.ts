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
    host: z.object({ host: z.string(), port: z.number(), startTls: z.object({ works: z.boolean() }) }).nullable(),
    mx: z.array(z.object({ domain: z.string(), exchangers: z.array(z.string()), changed: z.boolean(), ours: z.boolean() })),
    notes: z.array(z.string()),
  }),
  ({ host, mx, notes }) => [
    ...(host ? [`${host.host} takes mail on port ${host.port}${host.startTls.works ? ', encrypted with STARTTLS' : ''}.`] : []),
    ...mx.map(({ domain, exchangers, changed, ours }) => `Mail for ${domain} goes to ${exchangers.join(', ')}${ours ? ': to us' : ''}${changed ? ', which was changed since this task was begun' : ''}.`),
    ...notes,
  ],
);

/** What an import did, or would do. */
export const planShape = z.object({ add: z.number(), change: z.number(), leave: z.number(), conflict: z.number() });

const users = saying(z.object({ read: z.number(), plan: z.object({ counts: planShape }) }), ({ read, plan: { counts } }) => [
  `${counted(read, 'person was', 'people were')} read.`, `Added: ${counts.add.toLocaleString('en')}. Changed: ${counts.change.toLocaleString('en')}. As they were already: ${counts.leave.toLocaleString('en')}.`,
  ...(counts.conflict > 0 ? [`${counted(counts.conflict, 'person was', 'people were')} left out because of a conflict.`] : []),
]);

const sms = saying(z.object({ users: z.number() }), ({ users: count }) => [`${counted(count, 'user has', 'users have')} a value in this attribute.`]);

const none: Said = () => [];
const said: Readonly<Record<TaskName, Said>> = { details: none, domains, users, authentication: none, 'outbound-mail': outbound, 'inbound-mail': inbound, sms, review: none };

/** What a validation found, in sentences. */
export function factsInWords(task: TaskName, facts: Facts): string[] {
  return said[task](facts);
}
