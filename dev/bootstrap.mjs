// The first thing that runs on a fresh clone: plain Node, nothing installed. It installs the dependencies when they
// are missing or other than package-lock.json says, then hands over to the program that was asked for.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lock = join(root, 'package-lock.json');
const stamp = join(root, 'node_modules', '.postern-lock');
const programs = { start: 'dev/start.ts', test: 'dev/test.ts' };
const PROGRESS_MS = 5_000;
const STOP_MS = 28_000;
/** What a shell gives for a program that Ctrl-C ended. */
const STOPPED = 130;

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) fail(`Postern needs Node.js 20.19 or newer, and this is ${process.versions.node}: install it from https://nodejs.org.`);
}

function installed() {
  return existsSync(stamp) && readFileSync(stamp).equals(readFileSync(lock));
}

/** npm's own script is run by this Node where npm tells where it is: no shell, the same on every system. */
function npm(args) {
  const script = process.env.npm_execpath;
  return script?.endsWith('.js') ? [process.execPath, [script, ...args]] : ['npm', args];
}

async function install() {
  process.stdout.write('Installing dependencies (npm ci) ...\n');
  const started = Date.now();
  const [command, args] = npm(['ci', '--include=dev', '--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error']);
  const env = { ...process.env };
  // A machine set up for production would leave out what builds the pages.
  delete env.NODE_ENV;
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (output = (output + chunk).slice(-4_000)));
  const progress = setInterval(() => process.stdout.write(`  installing dependencies: ${Math.round((Date.now() - started) / 1000)} s\n`), PROGRESS_MS);
  const code = await ended(child).catch((error) => {
    output += error.code === 'ENOENT' ? 'npm is not on PATH: install it together with Node.js.' : error.message;
    return 1;
  });
  clearInterval(progress);
  if (stopping) process.exit(STOPPED);
  if (code !== 0) fail(`${output.trim()}\nThe dependencies could not be installed: see the lines above, check the network, and run it again.`);
  copyFileSync(lock, stamp);
  process.stdout.write(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
}

let current;
let stopping = false;

/** Resolves with the exit code; signals that reach this process are passed on, and it stays until the child is gone. */
function ended(child) {
  current = child;
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? STOPPED : 1)));
  });
}

function passOn(signal) {
  if (!current) process.exit(STOPPED);
  stopping = true;
  current.kill(signal);
  // Never keep a terminal waiting for something that does not end.
  setTimeout(() => {
    current.kill('SIGKILL');
    process.exit(1);
  }, STOP_MS).unref();
}

async function main() {
  const [name, ...rest] = process.argv.slice(2);
  if (!Object.hasOwn(programs, name ?? '')) fail(`Say what to run: node dev/bootstrap.mjs ${Object.keys(programs).join('|')}.`);
  checkNode();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal));
  if (!installed()) await install();
  // The channel tells the program when this process is gone, however it ended.
  const child = spawn(process.execPath, ['--import', 'tsx', programs[name], ...rest], { cwd: root, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  process.exit(await ended(child));
}

main().catch((error) => fail(error instanceof Error ? error.message : String(error)));
