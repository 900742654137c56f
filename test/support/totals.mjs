import { readFileSync } from 'node:fs';

const [file, exitCode, seconds] = process.argv.slice(2);

/** Jest's own result, or nothing where it did not come so far as to write one. */
function readResults() {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

const results = readResults();
const passed = results?.numPassedTests ?? 0;
// A suite that does not load, or a run that breaks off, has no failed test to count: it is a failure all the same.
const broken = results?.numRuntimeErrorTestSuites ?? 1;
const failed = (results?.numFailedTests ?? 0) + broken;
const skipped = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
const clean = exitCode === '0' && failed === 0 && skipped === 0 && passed > 0;

console.log();
if (skipped > 0) console.log(`${skipped} tests were skipped: a test runs or is not there.`);
if (exitCode !== '0' && failed === 0) console.log(`npm test ended with ${exitCode} although no test failed.`);
console.log(`Test suites: ${results?.numPassedTestSuites ?? 0} passed of ${results?.numTotalTestSuites ?? 0}; ${seconds} s in all.`);
console.log(`${passed} passed, ${clean ? 0 : Math.max(failed, 1)} failed`);
process.exitCode = clean ? 0 : 1;
