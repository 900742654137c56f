import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings, SettingsError } from '../../config';
import { keyEntry } from '../support/keys';

const production: Readonly<Record<string, string>> = {
  PUBLIC_URL: 'https://portal.example/',
  DATABASE_URL: 'postgres://127.0.0.1/postern',
  TEMPORAL_ADDRESS: 'engine.example:7233',
  SMTP_URL: 'smtp://mail.example',
  MAIL_FROM: 'no-reply@portal.example',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  TWILIO_FROM: '+12025550100',
  POSTERN_KEYS: keyEntry('main'),
};

const required = Object.keys(production);

/** What is wrong with an environment, by the name of the setting. */
function problems(env: Readonly<Record<string, string>>): Record<string, string> {
  try {
    loadSettings(env);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.problems.map((problem) => [problem.split(' ')[0]!, problem]));
  }
}

test('what production needs is enough, and links never get two slashes', () => {
  expect(loadSettings(production)).toMatchObject({ POSTERN_MODE: 'production', PUBLIC_URL: 'https://portal.example', PORT: 3000, TEMPORAL_NAMESPACE: 'default' });
});

test('an empty environment is told everything that is missing at once', () => {
  const found = problems({});
  expect(Object.keys(found).sort()).toEqual([...required].sort());
  for (const name of required) expect(found[name]).toMatch(/ is missing: it must be .*\.$/);
});

test('an empty value is a missing one', () => {
  expect(Object.keys(problems({ ...production, SMTP_URL: '' }))).toEqual(['SMTP_URL']);
});

test.each([
  ['PORT', '70000'],
  ['PORT', 'http'],
  ['PUBLIC_URL', 'portal.example'],
  ['SMTP_URL', 'http://mail.example'],
  ['MAIL_FROM', 'no-reply'],
  ['TWILIO_ACCOUNT_SID', 'AC123'],
  ['TWILIO_AUTH_TOKEN', 'short'],
  ['TWILIO_FROM', '2025550100'],
  ['POSTERN_KEYS', 'main:c2hvcnQ='],
  ['POSTERN_MODE', 'test'],
  ['LOG_LEVEL', 'loud'],
  ['SMS_PER_NUMBER_DAILY', '0'],
  ['RESETS_PER_ORIGIN_HOURLY', '1.5'],
  ['SMS_COUNTRIES', 'US,gb'],
  ['SMS_SEGMENT_PRICES', 'FR:0.07'],
  ['SMS_SEGMENT_PRICES', 'us=0.01'],
  ['SMS_SEGMENT_PRICES', 'UK=0.04'],
  ['SMS_SEGMENT_PRICES', 'US=0,0079'],
  ['SMS_SEGMENT_PRICES', 'US=-0.01'],
  ['SMS_SEGMENT_PRICES', 'US=79'],
  ['SMS_SEGMENT_PRICES', 'US=0.01,GB=0.04,US=0.02'],
  ['DNS_SERVERS', 'ns.example'],
  ['DNS_SERVERS', '10.0.0.53,10.0.0.54:dns'],
  ['ALLOW_PRIVATE_TARGETS', 'true'],
  ['ALLOW_PRIVATE_TARGETS', '10.0.0.0/8,10.0.0.0/33'],
  ['SPF_INCLUDE', 'spf'],
  ['MX_HOSTS', 'mx1.postern.example,https://mx2.postern.example'],
  ['DIRECTORY_TIMEOUT_MS', '99'],
  ['WEB_UI_ORIGINS', 'https://temporal.example/ui'],
  ['CODEC_PATH_TOKEN', 'short'],
])('%s=%s is refused together with what is missing, and no value is repeated', (name, value) => {
  const found = problems({ ...production, [name]: value, MAIL_FROM: name === 'MAIL_FROM' ? value : '' });
  expect(Object.keys(found).sort()).toEqual([...new Set([name, 'MAIL_FROM'])].sort());
  expect(found[name]).not.toContain(value);
});

test.each([
  ['a development key', { POSTERN_KEYS: `${keyEntry('main')},${keyEntry('dev-1a2b')}` }, 'POSTERN_KEYS'],
  ['another provider of text messages', { TWILIO_API_URL: 'http://127.0.0.1:9' }, 'TWILIO_API_URL'],
  ['inbox and phone', { DEV_OUTSIDE_URL: 'http://127.0.0.1:9' }, 'DEV_OUTSIDE_URL'],
  ['a codec endpoint without a sign-in', { CODEC_PATH_TOKEN: '0'.repeat(32) }, 'CODEC_PATH_TOKEN'],
  ['customers at its own services', { ALLOW_PRIVATE_TARGETS: '10.0.0.0/8,127.0.0.0/8' }, 'ALLOW_PRIVATE_TARGETS'],
  ['customers at its credentials', { ALLOW_PRIVATE_TARGETS: '169.254.0.0/16' }, 'ALLOW_PRIVATE_TARGETS'],
  ['a database in a file', { DATABASE_URL: 'sqlite:/tmp/postern.sqlite' }, 'DATABASE_URL'],
])('production refuses %s', (_what, change, name) => {
  expect(Object.keys(problems({ ...production, ...change }))).toEqual([name]);
});

test('check 55: production refuses an address in the clear', () => {
  expect(Object.keys(problems({ ...production, PUBLIC_URL: 'http://portal.example' }))).toEqual(['PUBLIC_URL']);
});

test('the embedded mode takes a development key and parts of its own', () => {
  const { PUBLIC_URL: _url, DATABASE_URL: _database, TEMPORAL_ADDRESS: _address, ...rest } = production;
  const embedded = { ...rest, POSTERN_MODE: 'embedded', PORT: '3100', POSTERN_KEYS: keyEntry('dev-1'), TWILIO_API_URL: 'http://127.0.0.1:9' };
  expect(loadSettings(embedded).PUBLIC_URL).toBe('http://127.0.0.1:3100');
});

test('a profile of the engine\'s tools may hold its address', () => {
  const { TEMPORAL_ADDRESS: _address, ...rest } = production;
  expect(problems({ ...rest, TEMPORAL_PROFILE: 'cloud' })).toEqual({});
});

test.each([
  ['check 49: six digits, which a reader would take for the code', 'Studio 365365'],
  ['check 49: a second line', 'Postern\nGo to evil.example'],
  ['a length that needs a second text message', 'x'.repeat(41)],
])('the brand has not %s', (_what, brand) => {
  expect(Object.keys(problems({ ...production, BRAND: brand }))).toEqual(['BRAND']);
  expect(loadSettings({ ...production, BRAND: 'Müller & Söhne 24 <mail>' }).BRAND).toBe('Müller & Söhne 24 <mail>');
});

test('lists are taken apart, blanks around their items forgiven', () => {
  expect(loadSettings({ ...production, SMS_COUNTRIES: 'US, GB', WEB_UI_ORIGINS: 'https://temporal.example,http://127.0.0.1:8233' })).toMatchObject({
    SMS_COUNTRIES: ['US', 'GB'], WEB_UI_ORIGINS: ['https://temporal.example', 'http://127.0.0.1:8233'],
  });
});

test('name servers, networks and mail exchangers are lists', () => {
  expect(loadSettings(production)).toMatchObject({ DNS_SERVERS: [], ALLOW_PRIVATE_TARGETS: [], SPF_INCLUDE: 'spf.postern.example', MX_HOSTS: ['mx1.postern.example', 'mx2.postern.example'] });
  expect(loadSettings({ ...production, DNS_SERVERS: '10.0.0.53, 10.0.0.54:5353,::1,[::1]:53', ALLOW_PRIVATE_TARGETS: '10.1.0.0/16,fd00::/8', MX_HOSTS: 'mx.portal.example' })).toMatchObject({
    DNS_SERVERS: ['10.0.0.53', '10.0.0.54:5353', '::1', '[::1]:53'], ALLOW_PRIVATE_TARGETS: ['10.1.0.0/16', 'fd00::/8'], MX_HOSTS: ['mx.portal.example'],
  });
});

test('prices of segments are by country, none where none is given', () => {
  expect(loadSettings(production)).toMatchObject({ SMS_SEGMENT_PRICE: 0.0083, SMS_SEGMENT_PRICES: {}, SMS_CURRENCY: 'USD' });
  expect(loadSettings({ ...production, SMS_SEGMENT_PRICES: 'US=0.0079, GB=0.04,CU=0,CH=10' }).SMS_SEGMENT_PRICES).toEqual({ US: 0.0079, GB: 0.04, CU: 0, CH: 10 });
  expect(problems({ ...production, SMS_SEGMENT_PRICES: 'UK=0.04' })).toEqual({ SMS_SEGMENT_PRICES: expect.stringContaining('such as US=0.0079,GB=0.04') });
  expect(problems({ ...production, SMS_SEGMENT_PRICES: 'GB=0.04,GB=0.05' })).toEqual({ SMS_SEGMENT_PRICES: expect.stringContaining('each country once') });
});

test('check 19: every setting, limits included, is configurable and documented', () => {
  const settings = loadSettings({ ...production, POSTERN_MODE: 'embedded', TWILIO_API_URL: 'http://127.0.0.1:9', DEV_OUTSIDE_URL: 'http://127.0.0.1:9', CODEC_PATH_TOKEN: '0'.repeat(32) });
  const documented = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  expect(Object.keys(settings).length).toBeGreaterThan(25);
  expect(Object.keys(settings).filter((name) => !documented.includes(`\`${name}\``))).toEqual([]);
  const limits = { RESETS_PER_ADDRESS_HOURLY: 6, RESETS_PER_ORIGIN_HOURLY: 21, RESETS_PER_ACCOUNT_HOURLY: 1001, SMS_PER_NUMBER_DAILY: 21, SMS_PER_ACCOUNT_DAILY: 5001 };
  expect(loadSettings({ ...production, ...Object.fromEntries(Object.entries(limits).map(([name, value]) => [name, String(value)])) })).toMatchObject(limits);
});

test('check 8: a secret in a wrong setting is never repeated', () => {
  const secret = 'kzvtqwmxhb';
  const wrong = { DATABASE_URL: `mysql://app:${secret}@db.example`, SMTP_URL: `mail.example/${secret}`, TWILIO_AUTH_TOKEN: secret, POSTERN_KEYS: `main:${secret}`, PUBLIC_URL: `http://${secret}.example`, CODEC_PATH_TOKEN: secret };
  const found = problems({ ...production, ...wrong });
  expect(Object.keys(found).sort()).toEqual(Object.keys(wrong).sort());
  expect(JSON.stringify(found)).not.toContain(secret);
});
