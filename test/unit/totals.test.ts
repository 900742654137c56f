import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'postern-totals-'));
afterAll(() => rmSync(folder, { recursive: true }));

function totals(results: unknown, exitCode: string): { lastLine: string; status: number | null } {
  const file = join(folder, 'results.json');
  writeFileSync(file, typeof results === 'string' ? results : JSON.stringify(results));
  const { stdout, status } = spawnSync(process.execPath, [join(__dirname, '../support/totals.mjs'), file, exitCode, '1'], { encoding: 'utf8' });
  return { lastLine: stdout.trimEnd().split('\n').at(-1)!, status };
}

const clean = { numPassedTests: 7, numFailedTests: 0, numRuntimeErrorTestSuites: 0, numPendingTests: 0, numTodoTests: 0 };

test.each([
  ['a clean run', clean, '0', '7 passed, 0 failed', 0],
  ['failed tests', { ...clean, numFailedTests: 2 }, '1', '7 passed, 2 failed', 1],
  ['a suite that does not load', { ...clean, numRuntimeErrorTestSuites: 1 }, '1', '7 passed, 1 failed', 1],
  ['a skipped test', { ...clean, numPendingTests: 1 }, '0', '7 passed, 1 failed', 1],
  ['an exit code that no test explains', clean, '1', '7 passed, 1 failed', 1],
  ['no result at all', '', '1', '0 passed, 1 failed', 1],
])('the last line of CI for %s', (_name, results, exitCode, lastLine, status) => {
  expect(totals(results, exitCode)).toEqual({ lastLine, status });
});
