import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { SESSION_COOKIE } from './cookies';
import { problemSchema } from './contract/answers';
import { handle, problemExample, recordId } from './contract/examples';
import { accountInput } from './contract/onboarding-examples';
import type { Operation, Who } from './contract/operation';
import { operations } from './contract/operations';
import { z } from './contract/zod';
import { problemCatalogue, type ProblemSlug } from './problems';

const EVERY: ProblemSlug[] = ['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type', 'misdirected-request', 'internal-error'];
/** A POST may carry an `Idempotency-Key`. */
const KEYED: ProblemSlug[] = ['idempotency-key-reused', 'request-in-progress'];
/** A request that changes something is refused where another site sent it with the session's cookie. */
const CHANGING: ProblemSlug[] = ['cross-site-request'];

const WHO: Record<Who, string> = {
  anyone: 'Anyone.',
  holder: "Whoever holds the flow's id.",
  'signed-in': 'Anybody who is signed in.',
  owner: 'Whose it is, signed in; administrators, for their own account; operators, for every one.',
  administrator: 'Administrators who are signed in, for their own account; operators, for every one.',
  operator: 'Operators.',
};
/** Headings of the browsable page, in its order; what fits none stands under the last. */
const TAGS: readonly (readonly [name: string, paths: RegExp, description: string])[] = [
  ['Password resets', /^\/api\/password-resets/, 'The steps of a person, in the order they are taken.'],
  ['SMS Services', /^\/api\/(sms-|session\/sms-)/, 'Recurring programs, and who opted in.'],
  ['Signing in', /^\/api\/(sign-ins|sessions?\b)/, 'The steps from the address to the session, sessions, and the second step.'],
  ['Onboarding', /^\/api\/(accounts|onboardings|applications)/, 'Accounts, and how they come on board.'],
  ['Continuity', /^\/api\/continuity-events/, 'Outages, and the text messages that people get of them.'],
  ['Administration', /^\/api\/(users|authentication-profiles|groups)/, 'Users, authentication profiles and groups.'],
  ['Service', /./, 'Whether it runs, and what describes it.'],
];
const KEY = z.object({ 'Idempotency-Key': z.string().min(1).max(200).optional().openapi({ description: 'A repeat with the same key gets the first answer.' }) });
const RETRY_AFTER = z.object({ 'Retry-After': z.string().optional().openapi({ description: 'Seconds to wait, where waiting helps.', example: '60' }) });

const exampleRef = (slug: ProblemSlug): { $ref: string } => ({ $ref: `#/components/examples/${slug}` });

/** The refusals of an operation, one response a status, with an example of each problem. */
function refusals(slugs: readonly ProblemSlug[]): RouteConfig['responses'] {
  const byStatus = new Map<number, ProblemSlug[]>();
  for (const slug of new Set([...EVERY, ...slugs])) byStatus.set(problemCatalogue[slug].status, [...(byStatus.get(problemCatalogue[slug].status) ?? []), slug]);
  return Object.fromEntries([...byStatus].map(([status, names]) => [status, {
    description: names.map((name) => `\`${name}\`: ${problemCatalogue[name].title}.`).join(' '),
    ...(status === 429 ? { headers: RETRY_AFTER } : {}),
    content: { 'application/problem+json': { schema: problemSchema, examples: Object.fromEntries(names.map((name) => [name, exampleRef(name)])) } },
  }]));
}

function answers(operation: Operation): RouteConfig['responses'] {
  return Object.fromEntries(operation.answers.map(({ status, description, schema, example, headers, type = 'application/json' }) => [status, { description, ...(headers ? { headers } : {}), ...(schema ? { content: { [type]: { schema, example } } } : {}) }]));
}

function isKeyed({ method, body }: Pick<Operation, 'method'> & { readonly body?: Operation['body'] | undefined }): boolean {
  return method === 'post' && body?.type === undefined;
}

function request({ method, path, query, body }: Operation): NonNullable<RouteConfig['request']> {
  const examples: Readonly<Record<string, string>> = { id: /^\/api\/(password-resets|sign-ins)/.test(path) ? handle : recordId, account: accountInput.code, task: 'details' };
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name!, z.string().openapi({ example: examples[name!] })] as const);
  return {
    ...(parameters.length > 0 ? { params: z.object(Object.fromEntries(parameters)) } : {}),
    ...(query ? { query } : {}),
    ...(isKeyed({ method, body }) ? { headers: KEY } : {}),
    ...(body ? { body: { required: true, content: { [body.type ?? 'application/json']: { schema: body.schema, example: body.example } } } } : {}),
  };
}

/** What a caller shows of who they are: one of these. */
function security(who: Who): Record<string, string[]>[] {
  if (who === 'anyone' || who === 'holder') return [];
  return who === 'signed-in' ? [{ session: [] }] : [{ operator: [] }, { session: [] }];
}

/** The API's description (OpenAPI 3.1), made from the schemas that the server itself judges requests with. */
export function openApiDocument(): object {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'operator', { type: 'http', scheme: 'bearer' });
  registry.registerComponent('securitySchemes', 'session', { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE });
  const refusedWith = new Set([...EVERY, ...KEYED, ...CHANGING, ...operations.flatMap(({ refused }) => refused)]);
  for (const slug of refusedWith) registry.registerComponent('examples', slug, problemExample(slug));
  for (const operation of operations) {
    const { method, path, summary, who, refused } = operation;
    registry.registerPath({
      method, path, summary, tags: TAGS.filter(([, paths]) => paths.test(path)).slice(0, 1).map(([name]) => name), description: `Who may call it: ${WHO[who]}`, security: security(who),
      request: request(operation),
      responses: { ...refusals([...refused, ...(method === 'get' ? [] : CHANGING), ...(isKeyed(operation) ? KEYED : [])]), ...answers(operation) },
    });
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0', info: { title: 'Postern', version: '1', description: 'Account journeys over HTTP. Draw the step, offer the actions.', license: { name: 'MIT', identifier: 'MIT' } }, servers: [{ url: '/' }],
    tags: TAGS.map(([name, , description]) => ({ name, description })),
  });
}
