import { Context } from '@temporalio/activity';
import { WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import type { Knex } from 'knex';
import { beating } from '../../activities/beating';
import { createNumberCheckActivities, type NumberCheckActivities } from '../../activities/number-check';
import { createSmsSettingsService, type SmsSettingsService } from '../../api/sms-settings/service';
import { findNumberCheck } from '../../db/number-checks';
import { EncryptionCodec } from '../../security/codec';
import { numberCheckWorkflowId } from '../../temporal.config';
import type { NumberCheckInput } from '../../workflows/number-check/messages';
import { createAccount, createUser } from './accounts';
import { openMigrated } from './database';
import { readable } from './histories';
import { clearRecordedHistories, recordingKeys, storeHistory } from './recorded-histories';
import { recordOn } from './recording';
import { ResetEngine } from './reset-engine';
import { waitFor } from './wait';

const CODE = 'CHECK1A1';
const BY = 'an administrator';
/** One that is usable, one that is understood with a default country, and one that is neither. */
const VALUES = ['+12025550101', '(202) 555-0102', 'see stationery'];

type Work = NumberCheckInput['work'];
/** What happens to the next activity: it never comes to its end, or its first attempt fails. */
type Trouble = 'held' | 'fails-once' | undefined;

/** Checks of numbers as administrators begin them, without HTTP: the API's service and real activities on SQLite, on a real engine. */
class LiveNumberChecks {
  readonly service: SmsSettingsService;
  trouble: Trouble;
  #begun = 0;

  private constructor(readonly engine: ResetEngine, readonly db: Knex, readonly close: () => Promise<void>) {
    this.service = createSmsSettingsService({ db, temporal: engine.client, clock: engine.clock, limits: { countries: [], codesDaily: 5_000, perNumberDaily: 20 }, prices: { currency: 'USD', standard: 0, byCountry: {} } });
  }

  static async open(engine: ResetEngine): Promise<LiveNumberChecks> {
    const { db, close } = await openMigrated();
    await createAccount(db, CODE, 'check.example');
    for (const [index, mobile] of VALUES.entries()) await createUser(db, CODE, { email: `p${index}@check.example`, name: 'A person', attributes: { mobile } });
    return new LiveNumberChecks(engine, db, close);
  }

  serving<T>(work: () => Promise<T>): Promise<T> {
    const { judgeNumbers, applyNumberProposals } = createNumberCheckActivities({ db: this.db, clock: this.engine.clock });
    const activities: NumberCheckActivities = { judgeNumbers: (input) => this.#troubled(() => judgeNumbers(input)), applyNumberProposals: (input) => this.#troubled(() => applyNumberProposals(input)) };
    return this.engine.serving(activities, work);
  }

  async #troubled(work: () => Promise<void>): Promise<void> {
    this.#begun += 1;
    const { trouble } = this;
    this.trouble = undefined;
    if (trouble === 'fails-once') throw new Error('The database is away.');
    return trouble === 'held' ? beating(() => Context.current().cancelled) : work();
  }

  /** Begins a look at every value. Returns the check's id. */
  async look(): Promise<string> {
    return (await this.service.check({ account: CODE, attribute: 'mobile', defaultCountry: 'US' }, BY)).id;
  }

  /** Looks to the end, and begins to apply what that proposes. Returns the check's id. */
  async apply(trouble?: Trouble): Promise<string> {
    const id = await this.look();
    await this.handle(id, 'look').result();
    this.trouble = trouble;
    await this.service.apply((await findNumberCheck(this.db, id))!, BY);
    return id;
  }

  /** Presses *Request Cancellation* while the work goes on. */
  async cancelMeanwhile(begin: () => Promise<string>, work: Work): Promise<WorkflowHandle> {
    const before = this.#begun + (work === 'apply' ? 1 : 0);
    const handle = this.handle(await begin(), work);
    await waitFor(() => this.#begun > before || undefined, { what: 'the work to begin' });
    await handle.cancel();
    return handle;
  }

  handle(checkId: string, work: Work): WorkflowHandle {
    return this.engine.client.workflow.getHandle(numberCheckWorkflowId(checkId, work));
  }
}

const scenarios: Readonly<Record<string, (live: LiveNumberChecks) => Promise<WorkflowHandle>>> = {
  'completed-looking': async (live) => live.handle(await live.look(), 'look'),
  'completed-looking-at-the-second-attempt': async (live) => {
    live.trouble = 'fails-once';
    return live.handle(await live.look(), 'look');
  },
  'completed-applying': async (live) => live.handle(await live.apply(), 'apply'),
  'completed-applying-at-the-second-attempt': async (live) => live.handle(await live.apply('fails-once'), 'apply'),
  'cancelled-by-operator-looking': (live) => {
    live.trouble = 'held';
    return live.cancelMeanwhile(() => live.look(), 'look');
  },
  'cancelled-by-operator-applying': (live) => live.cancelMeanwhile(() => live.apply('held'), 'apply'),
};

async function store(live: LiveNumberChecks, name: string, handle: WorkflowHandle): Promise<void> {
  // An operator's Cancel makes it fail as cancelled.
  await handle.result().catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  const history = await handle.fetchHistory();
  const text = (await readable(history, new EncryptionCodec(live.engine.keys))).join('\n');
  if (/\+1\d{10}|\.example|stationery/.test(text)) throw new Error(`The history "${name}" names people: it is not stored.`);
  await storeHistory('number-check', name, history);
  console.log(`number-check ${name}: ${history.events?.length ?? 0} events`);
}

/** Checks of numbers with every ending they can have. */
export async function recordNumberChecks(): Promise<void> {
  await clearRecordedHistories('number-check');
  await recordOn(await ResetEngine.local(recordingKeys()), (engine) => LiveNumberChecks.open(engine), async (live) => {
    for (const [name, scenario] of Object.entries(scenarios)) await store(live, name, await scenario(live));
  });
}
