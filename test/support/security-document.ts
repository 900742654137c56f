import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const root = join(__dirname, '../..');
const document = join(root, 'docs/security.md');

/** The numbers that a text names after "check" or "checks": `checks 7, 12-14 and 68a`. */
export function checksIn(text: string): string[] {
  return [...text.matchAll(/\bchecks? (\d+a?(?:(?:, | and |-)\d+a?)*)/g)].flatMap(([, list]) =>
    list!.split(/, | and /).flatMap((part) => {
      const [, first, last] = /^(\d+)-(\d+)$/.exec(part) ?? [];
      return first && last ? Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => String(Number(first) + index)) : [part];
    }),
  );
}

/** Which test files name which check, as paths below `test/`. */
export function testsByCheck(): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const entry of readdirSync(join(root, 'test'), { recursive: true, withFileTypes: true })) {
    if (!/\.test\.tsx?$/.test(entry.name)) continue;
    const file = join(entry.parentPath, entry.name);
    for (const check of checksIn(readFileSync(file, 'utf8'))) found.set(check, (found.get(check) ?? new Set()).add(relative(join(root, 'test'), file)));
  }
  return new Map([...found].map(([check, files]) => [check, [...files].sort()]));
}

const ROW = /^\| (\d+a?) \| (.*) \| ([^|]*) \|$/;

/** The document with its last column as the tests' titles say it. */
export function withTests(text: string): string {
  const tests = testsByCheck();
  return text.split('\n').map((line) => {
    const [, check, rule] = ROW.exec(line) ?? [];
    if (!check) return line;
    const files = (tests.get(check) ?? []).map((file) => `\`${file.replace(/\.test\.tsx?$/, '')}\``);
    return `| ${check} | ${rule} | ${files.join(' ') || 'none'} |`;
  }).join('\n');
}

/** The checks that have a row. */
export function checksWithRow(text: string): string[] {
  return text.split('\n').flatMap((line) => ROW.exec(line)?.[1] ?? []);
}

export function readDocument(): string {
  return readFileSync(document, 'utf8');
}

if (require.main === module) writeFileSync(document, withTests(readDocument()));
