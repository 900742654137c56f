import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { pino } from 'pino';
import { createApp } from '../../api/app';
import { openApiDocument } from '../../api/openapi';
import { createContinuityService } from '../../api/continuity/service';
import { createOnboardingService } from '../../api/connect-onboarding/service';
import { createPasswordResetService } from '../../api/password-reset/service';
import { problemCatalogue, type ProblemSlug } from '../../api/problems';
import { createSmsSettingsService } from '../../api/sms-settings/service';
import { createSubscriptionService } from '../../api/sms-subscription/service';
import { createSignInService } from '../../api/sign-in/service';
import { loadSettings } from '../../config';
import { openDatabase } from '../../db/connection';
import { createDirectoryClient } from '../../directory/ldap';
import { keyEntry, testKeys } from '../support/keys';

interface Content {
  readonly schema: object;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly $ref: string }>>;
}

interface Operation {
  readonly summary?: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Content>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly examples: Readonly<Record<string, { readonly summary: string; readonly value: unknown }>> };
}

const document = JSON.parse(JSON.stringify(openApiDocument())) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, path, operation })));
const named = operations.map(({ name, operation }) => [name, operation] as const);
const resolve = ({ $ref }: { readonly $ref: string }) => document.components.examples[$ref.replace('#/components/examples/', '')];

const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema(document, 'document');

/** What a schema of the document says against a value. */
function violations(schema: object, value: unknown): unknown {
  const validate = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/')) as object);
  return validate(value) ? [] : validate.errors;
}

test('is of OpenAPI 3.1, and every operation has one name of its own', () => {
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(new Set(operations.map(({ operation }) => operation.summary)).size).toBe(operations.length);
});

describe.each(named)('%s', (name, operation) => {
  const responses = Object.entries(operation.responses);

  test('answers a success, and refuses by problem documents', () => {
    expect(responses.some(([status]) => /^2\d\d$/.test(status))).toBe(true);
    for (const [status, { description, content }] of responses) {
      expect(description).not.toBe('');
      if (/^4\d\d$|^500$/.test(status)) expect(Object.keys(content ?? {})).toEqual(['application/problem+json']);
    }
  });

  test('has an example of each answer, which its schema takes', () => {
    for (const [status, { content }] of responses) {
      for (const [type, { schema, example }] of Object.entries(content ?? {})) {
        if (type === 'application/problem+json') continue;
        expect([name, status, example]).toEqual([name, status, expect.anything()]);
        expect([name, status, violations(schema, example)]).toEqual([name, status, []]);
      }
    }
  });

  test('has an example of each problem it names, of that status and type', () => {
    for (const [status, { description, content }] of responses) {
      const problem = content?.['application/problem+json'];
      if (!problem) continue;
      const slugs = [...description.matchAll(/`([a-z-]+)`:/g)].map(([, slug]) => slug as ProblemSlug);
      expect(slugs.length).toBeGreaterThan(0);
      expect(Object.keys(problem.examples ?? {})).toEqual(slugs);
      for (const slug of slugs) {
        const example = resolve(problem.examples![slug]!);
        expect(example?.value).toMatchObject({ type: expect.stringMatching(new RegExp(`/problems/${slug}$`)), title: problemCatalogue[slug].title, status: Number(status) });
        expect(violations(problem.schema, example?.value)).toEqual([]);
      }
    }
  });

  test('has an example of its body, which its schema takes', () => {
    for (const { schema, example } of Object.values(operation.requestBody?.content ?? {})) expect([name, violations(schema, example)]).toEqual([name, []]);
  });

  test('says who may call it, and what a repeat does', () => {
    const administrators = /\/api\/(users|groups|authentication-profiles|accounts|applications|onboardings|continuity-events|sms-)/.test(name) ? [{ operator: [] }, { session: [] }] : [];
    // Opting in is one's own affair: neither administrators nor operators do it for somebody.
    const own = /\/api\/sessions?\b|POST \/api\/sms-subscriptions(\/\{id\}\/(accept|code|remind))?$/.test(name);
    expect(operation.security).toEqual(own ? [{ session: [] }] : administrators);
    const parameters = (operation.parameters ?? []).map((parameter) => `${parameter.in} ${parameter.name}`);
    // A file is not kept to be compared with a repeat.
    expect(parameters.includes('header Idempotency-Key')).toBe(name.startsWith('POST') && !name.endsWith('/upload'));
    for (const parameter of ['id', 'account', 'task']) expect(parameters.includes(`path ${parameter}`)).toBe(name.includes(`{${parameter}}`));
  });
});

test('an example that does not fit its schema is found', () => {
  const { schema, example } = document.paths['/api/health']!.get!.responses['200']!.content!['application/json']!;
  expect(violations(schema, example)).toEqual([]);
  expect(violations(schema, { status: 'dead' })).not.toEqual([]);
});

test('every problem of the catalogue is documented where it can happen', () => {
  const documented = new Set(operations.flatMap(({ operation }) => Object.values(operation.responses).flatMap(({ content }) => Object.keys(content?.['application/problem+json']?.examples ?? {}))));
  expect(Object.keys(problemCatalogue).filter((slug) => !documented.has(slug))).toEqual([]);
});

describe('the app\'s routes', () => {
  interface Layer {
    readonly rawPath: string | RegExp | readonly (string | RegExp)[];
    readonly handle: { readonly stack?: readonly Layer[] };
    readonly route?: { readonly path: string | RegExp; readonly methods: Readonly<Record<string, boolean>> };
  }

  /** What is no part of the document, and why. */
  const ELSEWHERE: readonly (readonly [name: RegExp, why: string])[] = [
    [/^POST \/codec\/(de|en)code$/, 'the engine\'s own protocol, for its Web UI'],
    [/^POST \/api\/webhooks\/sms\/(status|inbound)$/, 'the SMS provider\'s own protocol, signed'],
    [/^GET \/metrics$/, 'the scraper\'s own format'],
    [/^GET \/api\/docs(\/start\.js)?$/, 'the page that shows the document'],
    [/^GET \S*\(\?!/, 'the pages'],
  ];

  const folder = mkdtempSync(join(tmpdir(), 'postern-openapi-'));
  const settings = loadSettings({
    PUBLIC_URL: 'https://portal.example', DATABASE_URL: 'postgres://127.0.0.1/none', TEMPORAL_ADDRESS: '127.0.0.1:1', SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'no-reply@portal.example',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0'.repeat(32), TWILIO_FROM: '+12025550100', POSTERN_KEYS: keyEntry('main'), DATA_DIR: folder,
  });
  // Nothing is asked of either: the app is only assembled.
  const db = openDatabase({ DATABASE_URL: undefined, DATA_DIR: folder });
  const connection = Connection.lazy({ address: '127.0.0.1:1' });

  afterAll(async () => {
    await connection.close();
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  function walk(stack: readonly Layer[], prefix = ''): string[] {
    return stack.flatMap(({ rawPath, route, handle }) => {
      if (route) return Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${prefix}${String(route.path) === '/' ? '' : String(route.path)}`);
      return handle.stack ? walk(handle.stack, `${prefix}${rawPath === '/' ? '' : String(rawPath)}`) : [];
    });
  }

  function routesOf(): string[] {
    const deps = { db, keys: testKeys('main'), temporal: new Client({ connection }), clock: () => 0 };
    const limits = { origin: () => Promise.resolve(null), send: () => Promise.resolve(true) };
    const signIns = createSignInService({ ...deps, brand: 'Postern', steadyAnswerMs: 0, smsCountries: [], directory: { check: async () => 'unavailable' }, limits: { origin: limits.origin, passcodes: limits.origin, wrongPerOrigin: 1 } });
    const prices = { currency: 'USD', standard: 0.01, byCountry: {} };
    const continuity = createContinuityService({ ...deps, publicUrl: 'https://portal.example', smsCountries: [], smsPerNumberDaily: 20, prices });
    const app = createApp({ ...deps, continuity, settings, logger: pino({ level: 'silent' }), passwordResets: createPasswordResetService({ ...deps, brand: 'Postern', steadyAnswerMs: 0, limits }), signIns, onboardings: createOnboardingService({ ...deps, connectDomain: 'connect.postern.example', directory: createDirectoryClient({ timeoutMs: 1, targets: { allowedNetworks: [] } }), mail: { spfInclude: settings.SPF_INCLUDE, mxHosts: settings.MX_HOSTS } }), smsSubscriptions: createSubscriptionService({ ...deps, sender: '+12025550100' }), smsSettings: createSmsSettingsService({ ...deps, limits: { countries: [], codesDaily: 1, perNumberDaily: 1 }, prices }) });
    return walk((app.router as unknown as { stack: readonly Layer[] }).stack).map((route) => route.replace(/:(\w+)/g, '{$1}'));
  }

  test('are all in the document, but for those with a protocol of their own', () => {
    const undocumented = routesOf().filter((route) => !operations.some(({ name }) => name === route) && !ELSEWHERE.some(([pattern]) => pattern.test(route)));
    expect(undocumented).toEqual([]);
  });

  test('are every one that the document promises', () => {
    const routes = routesOf();
    expect(operations.map(({ name }) => name).filter((name) => !routes.includes(name))).toEqual([]);
  });
});
