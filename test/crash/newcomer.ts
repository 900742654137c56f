import type { ConnectOnboardingActivities } from '../../activities/connect-onboarding';
import { saveDraft } from '../../api/connect-onboarding/drafts';
import { updateOnboarding } from '../../db/onboardings';
import { addDays, dateAt, type CalendarDate } from '../../domain/onboarding/calendar';
import type { TaskName } from '../../domain/onboarding/tasks';
import { OnboardingWorld } from '../support/onboarding-world';
import { forms } from '../support/scripted-checkers';
import type { SignInWorld } from '../support/sign-in-world';
import { orLater } from './as-the-engine';

/** The clock of an account of this region before it says where it is. */
export const ZONE = 'America/New_York';
/** Who gets notices once the details are confirmed. */
export const NOTICES = 'notices@beacon.example';

const ada = { id: 'ada', name: 'Ada' };

type Ending = Parameters<ConnectOnboardingActivities['endOnboarding']>[0];

/** An account that comes on board. */
export class Newcomer {
  private constructor(private readonly onboarding: OnboardingWorld, readonly code: string) {}

  static async create(world: SignInWorld): Promise<Newcomer> {
    const onboarding = new OnboardingWorld(world.db, { clock: world.clock, keys: world.deps.keys });
    return new Newcomer(onboarding, await onboarding.account({ region: 'us' }));
  }

  /** One that has handed in these tasks. */
  static async after(world: SignInWorld, ...tasks: readonly TaskName[]): Promise<Newcomer> {
    const newcomer = await Newcomer.create(world);
    for (const task of tasks) await newcomer.onboarding.activities.submitTask(await newcomer.filled(task));
    return newcomer;
  }

  get request() {
    return { accountCode: this.code };
  }

  task(task: TaskName) {
    return { accountCode: this.code, task, by: ada };
  }

  /** Fills a task's form in. Returns what hands it in. */
  async filled(task: TaskName) {
    await this.onboarding.activities.startTask(this.task(task));
    await saveDraft(this.onboarding.api, this.code, task, { version: 0, draft: forms[task] }, ada);
    return { ...this.task(task), version: 1 };
  }

  /** Sends what is due, to a mail server of its own. Returns the password that was supplied. */
  async correspond(): Promise<string> {
    await orLater(() => this.onboarding.run(this.onboarding.activities.correspond, this.request));
    return this.onboarding.email.temporaryPassword(this.contact);
  }

  async askForPassword(): Promise<void> {
    await updateOnboarding(this.onboarding.db, this.code, { passwords_asked: 2 });
  }

  async setLastDay(day: CalendarDate): Promise<void> {
    await updateOnboarding(this.onboarding.db, this.code, { last_day: day });
  }

  /** Lets its last day be over. Returns what ends it. */
  async discontinued(): Promise<Ending> {
    await this.setLastDay(addDays(this.today, -1));
    return { accountCode: this.code, outcome: 'discontinued' };
  }

  async end(ending: Ending): Promise<void> {
    await this.onboarding.activities.endOnboarding(ending);
  }

  get today(): CalendarDate {
    return dateAt(this.onboarding.clock.read(), ZONE);
  }

  /** Where the mail of its first administrator goes. */
  get contact(): string {
    return `ada@${this.code.toLowerCase()}.example`;
  }
}

