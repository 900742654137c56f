import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from './contract/zod';
import { groupSchema, profileSchema, userSchema } from './contract/administration';
import { administratorResetSchema, captchaSchema, codeSchema, linkSchema, methodSchema, passwordSchema, startSchema, temporaryPasswordSchema } from './contract/password-resets';
import { problemCatalogue, type ProblemSlug } from './problems';

const handle = 'wq7Jd0fUQ3S1v0mC9x2b8A';

const envelopeSchema = z.object({
  id: z.string(), kind: z.literal('password-reset'), step: z.string(), expiresAt: z.string().nullable(),
  actions: z.array(z.object({ name: z.string(), method: z.literal('POST'), href: z.string() })),
  details: z.record(z.string(), z.unknown()),
}).openapi('Flow', {
  example: {
    id: handle, kind: 'password-reset', step: 'enter-code', expiresAt: '2026-01-01T12:10:00.000Z',
    actions: [{ name: 'code', method: 'POST', href: `/api/password-resets/${handle}/code` }],
    details: { method: 'sms', resend: { availableAt: '2026-01-01T12:01:00.000Z', left: 3 } },
  },
});

const problemSchema = z.object({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() }).loose().openapi('Problem', {
  example: { type: 'https://portal.example.com/problems/secret-wrong', title: problemCatalogue['secret-wrong'].title, status: 422, detail: problemCatalogue['secret-wrong'].whatToDo },
});

const EVERY: ProblemSlug[] = ['invalid-request', 'malformed-json', 'body-too-large', 'unsupported-media-type', 'misdirected-request', 'internal-error'];
const FLOW: ProblemSlug[] = ['flow-not-found', 'wrong-step', 'request-in-progress', 'flow-expired', 'flow-locked', 'flow-cancelled', 'flow-superseded', 'flow-done', 'engine-unavailable', 'idempotency-key-reused'];
const OPERATOR: ProblemSlug[] = ['unauthenticated', 'not-found'];

/** The refusals of a route, one response a status. */
function refusals(slugs: readonly ProblemSlug[]): RouteConfig['responses'] {
  const byStatus = new Map<number, ProblemSlug[]>();
  for (const slug of [...EVERY, ...slugs]) byStatus.set(problemCatalogue[slug].status, [...(byStatus.get(problemCatalogue[slug].status) ?? []), slug]);
  return Object.fromEntries([...byStatus].map(([status, names]) => [status, {
    description: names.map((name) => `\`${name}\`: ${problemCatalogue[name].title}.`).join(' '),
    content: { 'application/problem+json': { schema: problemSchema } },
  }]));
}

interface Route {
  readonly method: 'get' | 'post' | 'put';
  readonly path: string;
  readonly summary: string;
  readonly who: 'anyone' | 'holder' | 'operator';
  readonly body?: z.ZodType;
  readonly example?: unknown;
  readonly status?: number;
  readonly answer: z.ZodType;
  readonly refused: readonly ProblemSlug[];
}

const step = (name: string, summary: string, body: z.ZodType | undefined, example: unknown, refused: ProblemSlug[]): Route => ({
  method: 'post', path: `/api/password-resets/{id}/${name}`, summary, who: 'holder', ...(body ? { body, example } : {}), answer: envelopeSchema, refused: [...FLOW, ...refused],
});

const reset = z.object({ requested: z.literal(true), method: z.enum(['sms', 'email']) });
const profile = profileSchema.extend({ id: z.string() }).openapi('AuthenticationProfile');
const group = groupSchema.extend({ id: z.string() }).openapi('Group');
const user = userSchema.openapi('User');
const ready = z.object({ status: z.string(), database: z.boolean(), engine: z.boolean(), worker: z.boolean() });
const exampleProfile = { account: 'CEU11A1', name: 'Default', passwordResetOptions: { selfService: true, sms: true, email: true, smsSoleFactorAccepted: true }, twoStep: 'sms', legacyComplexity: false, helpContact: 'Ask the help desk.' };

const routes: Route[] = [
  { method: 'post', path: '/api/password-resets', summary: 'Start a reset', who: 'anyone', body: startSchema, example: { email: 'user1@lighthouse.example', application: 'personal-portal' }, status: 201, answer: envelopeSchema, refused: ['too-many-requests', 'idempotency-key-reused'] },
  { method: 'get', path: '/api/password-resets/{id}', summary: 'Read a reset', who: 'holder', answer: envelopeSchema, refused: ['flow-not-found'] },
  step('captcha', 'Answer the captcha, as displayed or by its alternative', captchaSchema, { answer: 'aB3dE' }, ['captcha-wrong']),
  step('method', 'Choose the delivery method: sends', methodSchema, { method: 'sms' }, ['method-not-offered']),
  step('code', 'Enter the code from the text message; answers a new id', codeSchema, { code: '123456' }, ['secret-wrong']),
  step('link', 'Use the token of the one-time link; answers a new id', linkSchema, { token: 'the part after #token=' }, ['secret-wrong', 'link-used', 'link-expired', 'link-superseded']),
  step('temporary-password', 'Enter the temporary password; answers a new id', temporaryPasswordSchema, { password: 'from the e-mail' }, ['secret-wrong']),
  step('password', 'Save the new password', passwordSchema, { password: 'a long phrase of words', confirmation: 'a long phrase of words' }, ['password-policy', 'password-mismatch']),
  step('resend', 'Ask for another one; the one before ends', undefined, undefined, ['resend-too-soon', 'too-many-requests']),
  step('cancel', 'End the reset', undefined, undefined, []),
  { method: 'post', path: '/api/users/{id}/password-resets', summary: "Ask for a user's reset; no secret and no handle come back", who: 'operator', body: administratorResetSchema, example: { method: 'email', application: 'personal-portal' }, status: 202, answer: reset, refused: [...OPERATOR, 'method-not-offered', 'engine-unavailable', 'idempotency-key-reused'] },
  { method: 'get', path: '/api/users', summary: 'List users; filter by account or email', who: 'operator', answer: z.array(user), refused: OPERATOR },
  { method: 'get', path: '/api/users/{id}', summary: 'Read a user', who: 'operator', answer: user, refused: OPERATOR },
  { method: 'post', path: '/api/users/{id}/disable', summary: 'Disable a user: ends sessions and resets', who: 'operator', answer: user, refused: OPERATOR },
  { method: 'post', path: '/api/users/{id}/enable', summary: 'Enable a user', who: 'operator', answer: user, refused: OPERATOR },
  { method: 'post', path: '/api/users/{id}/unlock-reset', summary: 'Accept codes of this user again', who: 'operator', answer: user, refused: OPERATOR },
  { method: 'get', path: '/api/authentication-profiles', summary: 'List authentication profiles; filter by account', who: 'operator', answer: z.array(profile), refused: OPERATOR },
  { method: 'post', path: '/api/authentication-profiles', summary: 'Add an authentication profile', who: 'operator', body: profileSchema, example: exampleProfile, status: 201, answer: profile, refused: [...OPERATOR, 'already-exists'] },
  { method: 'get', path: '/api/authentication-profiles/{id}', summary: 'Read an authentication profile', who: 'operator', answer: profile, refused: OPERATOR },
  { method: 'put', path: '/api/authentication-profiles/{id}', summary: 'Change an authentication profile', who: 'operator', body: profileSchema, example: exampleProfile, answer: profile, refused: [...OPERATOR, 'already-exists'] },
  { method: 'get', path: '/api/groups', summary: 'List groups; filter by account', who: 'operator', answer: z.array(group), refused: OPERATOR },
  { method: 'post', path: '/api/groups', summary: 'Add a group', who: 'operator', body: groupSchema, example: { account: 'CEU11A1', name: 'Finance', profileId: null, members: [] }, status: 201, answer: group, refused: [...OPERATOR, 'already-exists'] },
  { method: 'get', path: '/api/groups/{id}', summary: 'Read a group', who: 'operator', answer: group, refused: OPERATOR },
  { method: 'put', path: '/api/groups/{id}', summary: 'Change a group', who: 'operator', body: groupSchema, example: { account: 'CEU11A1', name: 'Finance', profileId: null, members: [] }, answer: group, refused: [...OPERATOR, 'already-exists'] },
  { method: 'get', path: '/api/health', summary: 'Whether this process is alive', who: 'anyone', answer: z.object({ status: z.literal('live') }), refused: [] },
  { method: 'get', path: '/api/ready', summary: 'Whether database, engine and a worker are there', who: 'anyone', answer: ready, refused: [] },
  { method: 'get', path: '/api/problems', summary: 'Every problem type, with what to do', who: 'anyone', answer: z.array(z.object({ slug: z.string(), status: z.number(), title: z.string(), whatToDo: z.string() })), refused: [] },
];

const WHO = { anyone: 'Anyone.', holder: "Whoever holds the flow's id.", operator: 'Operators, with a bearer token.' } as const;
const ID = z.object({ id: z.string().openapi({ example: handle }) });
const KEY = z.object({ 'Idempotency-Key': z.string().max(200).optional().openapi({ description: 'A repeat with the same key gets the first answer.' }) });

/** The API's description (OpenAPI 3.1), made from the schemas that the server itself judges requests with. */
export function openApiDocument(): object {
  const registry = new OpenAPIRegistry();
  const bearer = registry.registerComponent('securitySchemes', 'operator', { type: 'http', scheme: 'bearer' });
  for (const route of routes) {
    registry.registerPath({
      method: route.method, path: route.path, summary: route.summary, description: `Who may call it: ${WHO[route.who]}`,
      ...(route.who === 'operator' ? { security: [{ [bearer.name]: [] }] } : { security: [] }),
      request: {
        ...(route.path.includes('{id}') ? { params: ID } : {}),
        ...(route.method === 'post' ? { headers: KEY } : {}),
        ...(route.body ? { body: { required: true, content: { 'application/json': { schema: route.body, example: route.example } } } } : {}),
      },
      responses: { [route.status ?? 200]: { description: route.summary, content: { 'application/json': { schema: route.answer } } }, ...refusals(route.refused) },
    });
  }
  registry.registerPath({
    method: 'get', path: '/api/password-resets/{id}/events', summary: 'Follow a reset (server-sent events named "flow", each an envelope)', description: `Who may call it: ${WHO.holder}`, security: [], request: { params: ID },
    responses: { 200: { description: 'A stream that ends with the flow', content: { 'text/event-stream': { schema: z.string() } } }, ...refusals(['flow-not-found', 'too-many-requests']) },
  });
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0', info: { title: 'Postern', version: '1', description: 'Account journeys over HTTP. Draw the step, offer the actions.', license: { name: 'MIT', identifier: 'MIT' } }, servers: [{ url: '/' }],
  });
}
