import type { Draft } from '../../../domain/onboarding/forms';
import { DraftKeeper, UndecidedError, type DraftKeeperOptions, type Seen } from '../../../web/connect/draft-keeper';

/** A server that keeps one draft, as the API does: saved over the version that was seen, or refused. */
class Server {
  now: Seen = { version: 1, draft: { company: 'Beacon' }, by: 'Ada', at: '2024-01-08T09:12:00.000Z' };
  readonly sent: Draft[] = [];
  failure: Error | null = null;
  /** Runs before an answer: what happens meanwhile. */
  meanwhile: () => void = () => undefined;

  save(version: number, draft: Draft, by: string): Promise<Seen> {
    this.sent.push(draft);
    if (this.failure) return Promise.reject(this.failure);
    if (version !== this.now.version) return Promise.reject(new Error('changed meanwhile'));
    this.now = { version: version + 1, draft, by, at: this.now.at };
    this.meanwhile();
    return Promise.resolve(this.now);
  }
}

let server: Server;
beforeEach(() => {
  jest.useFakeTimers();
  server = new Server();
});
afterEach(() => jest.useRealTimers());

function open(options: Partial<DraftKeeperOptions> = {}): DraftKeeper {
  return new DraftKeeper(server.now, { send: (version, draft) => server.save(version, draft, 'Ben'), comparable: (draft) => JSON.stringify(draft), pauseMs: 800, retryMs: () => undefined, ...options });
}

test('saves what is entered once nothing was entered for a while, and tells that it is saved', async () => {
  const keeper = open();
  for (const company of ['L', 'Li', 'Lighthouse']) keeper.edit({ company });
  await jest.advanceTimersByTimeAsync(799);
  expect(server.sent).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(server.sent).toEqual([{ company: 'Lighthouse' }]);
  expect(keeper.snapshot()).toMatchObject({ version: 2, unsaved: false, saving: false });
});

test('saves at once when asked, also what is entered while it is being saved', async () => {
  const keeper = open();
  keeper.edit({ company: 'One' });
  server.meanwhile = () => {
    server.meanwhile = () => undefined;
    keeper.edit({ company: 'Two' });
  };
  expect(await keeper.save()).toBe(3);
  expect(server.now.draft).toEqual({ company: 'Two' });
  expect(keeper.snapshot().unsaved).toBe(false);
});

test('takes over what somebody else saved while nothing is unsaved here, and tells of it', () => {
  const keeper = open();
  keeper.see({ ...server.now, version: 2, draft: { company: 'Skerry' } });
  expect(keeper.snapshot()).toMatchObject({ draft: { company: 'Skerry' }, version: 2, theirs: null, takenOver: { by: 'Ada' } });
  keeper.see({ ...server.now, version: 1, draft: { company: 'overtaken' } });
  expect(keeper.snapshot().draft).toEqual({ company: 'Skerry' });
});

describe('what somebody else saved while something is unsaved here', () => {
  async function disagree(): Promise<DraftKeeper> {
    const keeper = open();
    keeper.edit({ company: 'Mine' });
    await server.save(1, { company: 'Theirs' }, 'Ada');
    keeper.see(server.now);
    return keeper;
  }

  test('is shown, and nothing is saved before somebody has decided', async () => {
    const keeper = await disagree();
    expect(keeper.snapshot()).toMatchObject({ draft: { company: 'Mine' }, unsaved: true, theirs: { draft: { company: 'Theirs' }, by: 'Ada' } });
    await jest.advanceTimersByTimeAsync(10_000);
    await expect(keeper.save()).rejects.toThrow(UndecidedError);
    expect(server.now.draft).toEqual({ company: 'Theirs' });
  });

  test('stays where it is taken', async () => {
    const keeper = await disagree();
    keeper.takeTheirs();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(keeper.snapshot()).toMatchObject({ draft: { company: 'Theirs' }, version: 2, unsaved: false, theirs: null });
    expect(server.now).toMatchObject({ draft: { company: 'Theirs' }, version: 2 });
  });

  test('is overwritten where that is decided', async () => {
    const keeper = await disagree();
    keeper.keepMine();
    await jest.advanceTimersByTimeAsync(0);
    expect(server.now).toMatchObject({ draft: { company: 'Mine' }, version: 3 });
    expect(keeper.snapshot()).toMatchObject({ version: 3, unsaved: false, theirs: null });
  });

  test('is asked about again where there is something newer still', async () => {
    const keeper = await disagree();
    await server.save(2, { company: 'Newer' }, 'Ada');
    keeper.keepMine();
    await jest.advanceTimersByTimeAsync(0);
    keeper.see(server.now);
    expect(keeper.snapshot()).toMatchObject({ theirs: { version: 3 }, unsaved: true });
    expect(server.now.draft).toEqual({ company: 'Newer' });
  });

  test('is nothing to ask about where it is the same', async () => {
    const keeper = open();
    keeper.edit({ company: 'Same' });
    await server.save(1, { company: 'Same' }, 'Ada');
    keeper.see(server.now);
    expect(keeper.snapshot()).toMatchObject({ version: 2, unsaved: false, theirs: null });
  });
});

test('its own save, seen before it is answered, is nobody else\'s', async () => {
  const keeper = open();
  keeper.edit({ company: 'Mine' });
  server.meanwhile = () => keeper.see(server.now);
  await keeper.save();
  expect(keeper.snapshot()).toMatchObject({ version: 2, unsaved: false, theirs: null, takenOver: null });
});

test('tells why it could not be saved, keeps it, and tries again where that may help', async () => {
  const keeper = open({ retryMs: () => 5_000 });
  server.failure = new Error('no connection');
  keeper.edit({ company: 'Mine' });
  await jest.advanceTimersByTimeAsync(800);
  expect(keeper.snapshot()).toMatchObject({ draft: { company: 'Mine' }, unsaved: true, saving: false, error: server.failure });
  server.failure = null;
  await jest.advanceTimersByTimeAsync(5_000);
  expect(keeper.snapshot()).toMatchObject({ unsaved: false, error: undefined, version: 2 });
});
