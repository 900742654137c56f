import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '../..');
const production = ['activities', 'api', 'db', 'directory', 'domain', 'imports', 'security', 'templates', 'worker', 'workflows'];

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(folders: readonly string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file: relative(root, file), text: readFileSync(file, 'utf8') })),
  );
}

function filesWith(pattern: RegExp, folders: readonly string[] = production): string[] {
  return sources(folders).filter(({ text }) => pattern.test(text)).map(({ file }) => file);
}

/** What may be random outside security/secrets.ts: it is shown to everybody, or is worth nothing without the key. */
const publicRandomness: Readonly<Record<string, string>> = {
  'security/sealing.ts': 'const iv = randomBytes(IV_BYTES);',
  'api/password-reset/captcha.ts': 'counter: randomInt(COUNTER_FROM, COUNTER_TO)',
};

/** Lines that call a random generator where no secret may be made. */
function strayRandomness(found: readonly Source[]): string[] {
  return found
    .filter(({ file }) => file !== 'security/secrets.ts')
    .flatMap(({ file, text }) => text.split('\n').map((line) => ({ file, line: line.replace(publicRandomness[file] ?? /$/, '') })))
    .filter(({ line }) => /\b(?:randomBytes|randomInt|randomFill(?:Sync)?|getRandomValues|generateKey(?:Sync)?)\(/.test(line))
    .map(({ file, line }) => `${file}: ${line.trim()}`);
}

describe('randomness', () => {
  test('check 1: no secret comes from Math.random', () => {
    expect(filesWith(/Math\.random/)).toEqual([]);
  });

  test('check 1: secrets are made in one module, by the system\'s generator; elsewhere it makes only what is public', () => {
    expect(strayRandomness(sources(production))).toEqual([]);
    expect(filesWith(/\brandom(?:Bytes|Int)\(/)).toContain('security/secrets.ts');
  });

  test.each([
    ['a code made in a route', { file: 'api/routes/password-resets.ts', text: 'const code = randomInt(0, 1_000_000);' }],
    ['a token made beside a nonce', { file: 'security/sealing.ts', text: 'const iv = randomBytes(IV_BYTES);\nconst token = randomBytes(32);' }],
    ['a secret from the other interface', { file: 'activities/deliver.ts', text: 'crypto.getRandomValues(bytes)' }],
  ])('check 1: the rule refuses %s', (_what, source) => {
    expect(strayRandomness([source])).toHaveLength(1);
  });

  test('check 1: a UUID is nobody\'s handle', () => {
    expect(filesWith(/\b(?:uuid4|randomUUID)\(\)/, ['security', 'workflows'])).toEqual([]);
  });
});

test('no check is switched off in a comment', () => {
  expect(filesWith(/eslint-disable|@ts-ignore|@ts-nocheck/)).toEqual([]);
});

describe('lint rules of workflows', () => {
  const refused = [
    'export const a = { validator: async () => {} };',
    'export const b = { async validator() {} };',
    'export async function validateCode(): Promise<void> {}',
    'export const validateLink = async (): Promise<void> => {};',
    'export enum Step { One }',
    'export const home = process.env.HOME;',
  ];
  const taken = 'export const c = { validator: () => {} };';

  test('refuse async validators, enums and the environment, and take a synchronous validator', () => {
    const { stdout } = spawnSync(process.execPath, ['node_modules/eslint/bin/eslint.js', '--stdin', '--stdin-filename', 'workflows/index.ts', '--format', 'json'], {
      cwd: root,
      input: `${[...refused, taken].join('\n')}\n`,
      encoding: 'utf8',
    });
    const [result] = JSON.parse(stdout) as { messages: { ruleId: string; line: number }[] }[];
    const lines = result!.messages.filter(({ ruleId }) => ruleId === 'no-restricted-syntax').map(({ line }) => line);
    expect([...new Set(lines)].sort()).toEqual(refused.map((_code, index) => index + 1));
  });
});
