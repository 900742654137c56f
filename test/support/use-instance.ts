import { Http } from './http';
import { startInstance, type Instance } from './instance';

const START_MS = 240_000;

/** Runs an instance for the tests of a file. Ask for its parts in tests and hooks only. */
export function useInstance(overrides?: Readonly<Record<string, string>>): { instance: () => Instance; http: () => Http } {
  let instance: Instance | undefined;
  let http: Http | undefined;
  beforeAll(async () => {
    instance = await startInstance(overrides);
    http = new Http(instance.url);
  }, START_MS);
  afterAll(() => instance?.stop());
  return { instance: () => instance!, http: () => http! };
}
