import { Http } from './http';
import { startInstance, type Instance } from './instance';

const START_MS = 240_000;

type Overrides = Readonly<Record<string, string>>;

/** Runs an instance for the tests of a file, with settings that may have to be found out first. Ask for its parts in tests and hooks only. */
export function useInstance(overrides?: Overrides | (() => Promise<Overrides>)): { instance: () => Instance; http: () => Http } {
  let instance: Instance | undefined;
  let http: Http | undefined;
  beforeAll(async () => {
    instance = await startInstance(typeof overrides === 'function' ? await overrides() : overrides);
    http = new Http(instance.url);
  }, START_MS);
  afterAll(() => instance?.stop());
  return { instance: () => instance!, http: () => http! };
}
