import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '../..');
const production = ['activities', 'api', 'db', 'domain', 'security', 'templates', 'worker', 'workflows'];

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

describe('randomness', () => {
  test('check 1: no secret comes from Math.random', () => {
    expect(filesWith(/Math\.random/)).toEqual([]);
  });

  test('check 1: handles, tokens and codes come from the system\'s generator, in one module', () => {
    const secrets = readFileSync(join(root, 'security/secrets.ts'), 'utf8');
    expect(secrets).toMatch(/import \{[^}]*\brandomBytes\b[^}]*\} from 'node:crypto'/);
    expect(secrets).toMatch(/import \{[^}]*\brandomInt\b[^}]*\} from 'node:crypto'/);
    expect(filesWith(/\brandomInt\(/)).toEqual(['security/secrets.ts']);
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
