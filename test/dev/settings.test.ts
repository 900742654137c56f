import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../dev/start/environment';
import { checkPortsFree, embeddedSecrets, readPorts } from '../../dev/start/settings';
import { freePorts } from '../support/ports';

const standard = { PORT: 3000, TEMPORAL_PORT: 7233, TEMPORAL_UI_PORT: 8233, SMTP_PORT: 1025 };
const names = Object.keys(standard) as (keyof typeof standard)[];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('ports', () => {
  test('have standards, also where a variable is empty', () => {
    expect(readPorts({ PORT: '' })).toEqual(standard);
  });

  test.each(['0', '65536', 'http', '30.5', '-1', ' '])('"%s" is none: the variable is named', (value) => {
    expect(() => readPorts({ TEMPORAL_UI_PORT: value })).toThrow(/^TEMPORAL_UI_PORT: must be a port number from 1 to 65535\.$/);
  });

  test('two of them are never the same, nor is one the standard of another', () => {
    expect(() => readPorts({ PORT: '4000', SMTP_PORT: '4000' })).toThrow(/^Port 4000 is set twice: give SMTP_PORT another one\.$/);
    expect(() => readPorts({ PORT: '7233' })).toThrow(/^Port 7233 is set twice: give TEMPORAL_PORT another one\.$/);
  });

  test.each(names)('%s is named when it is taken', async (name) => {
    const [taken, ...others] = await freePorts(4);
    const ports = Object.fromEntries(names.map((other) => [other, other === name ? taken : others.pop()])) as typeof standard;
    await expect(checkPortsFree(ports)).resolves.toBeUndefined();
    const server = createServer().listen(taken, '127.0.0.1');
    await once(server, 'listening');
    await expect(checkPortsFree(ports)).rejects.toThrow(`Port ${taken} is taken: stop what uses it, or set ${name} to another port.`);
    server.close();
    await once(server, 'close');
  });
});

describe('secrets of an instance', () => {
  test('are made once, are another instance\'s never, and are its owner\'s alone to read', async () => {
    const secrets = embeddedSecrets(folder);
    expect(embeddedSecrets(folder)).toEqual(secrets);
    const other = await mkdtemp(join(tmpdir(), 'postern-settings-'));
    const others = embeddedSecrets(other);
    await rm(other, { recursive: true });
    for (const [name, value] of Object.entries(secrets)) expect([name, others[name as keyof typeof others]]).not.toEqual([name, value]);
    for (const file of ['embedded.json', 'keys']) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);
  });

  test('say that they are for development, so that production refuses them', () => {
    expect(embeddedSecrets(folder).keys).toMatch(/^dev-/);
  });

  test.each([
    ['embedded.json', ''],
    ['embedded.json', '{"accountSid":1}'],
    ['keys', ''],
    ['keys', 'dev-1:c2hvcnQ='],
  ])('a damaged %s ("%s") is named, and kept as it is', async (name, content) => {
    const file = join(folder, name);
    await writeFile(file, content);
    expect(() => embeddedSecrets(folder)).toThrow(`${file} is damaged: restore it, or delete the whole folder to begin anew.`);
    await expect(readFile(file, 'utf8')).resolves.toBe(content);
  });
});

test('an instance runs the workflows as they are, not as a build left them', () => {
  const environment = (env: NodeJS.ProcessEnv) => childEnvironment({ ...env, DATA_DIR: folder }, standard, embeddedSecrets(folder), 'http://127.0.0.1:9');
  expect(environment({}).WORKFLOW_BUNDLE_PATH).toBe('');
  expect(environment({ WORKFLOW_BUNDLE_PATH: '/tmp/workflows.js' }).WORKFLOW_BUNDLE_PATH).toBe('/tmp/workflows.js');
});

test('what leads to a real engine or provider never reaches the parts of an instance', () => {
  const real = { TEMPORAL_ADDRESS: 'cluster.example:7233', TEMPORAL_NAMESPACE: 'real', TEMPORAL_API_KEY: 'key', TEMPORAL_TLS: 'true', TEMPORAL_PROFILE: 'cloud', SMTP_URL: 'smtp://mail.example', TWILIO_AUTH_TOKEN: 'real', HOST: '0.0.0.0' };
  const environment = childEnvironment({ ...real, DATA_DIR: folder, BRAND: 'Lighthouse' }, standard, embeddedSecrets(folder), 'http://127.0.0.1:9');
  expect(Object.values(environment).filter((value) => (Object.values(real) as (string | undefined)[]).includes(value))).toEqual([]);
  expect(environment).toMatchObject({ POSTERN_MODE: 'embedded', HOST: '127.0.0.1', TEMPORAL_ADDRESS: '127.0.0.1:7233', TEMPORAL_NAMESPACE: 'default', BRAND: 'Lighthouse' });
});
