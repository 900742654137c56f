import { applicationLastDay } from '../../db/onboardings';
import type { NewAccount } from '../../db/new-account';
import type { FlowEnvelope } from '../../domain/flow';
import type { CalendarDate } from '../../domain/onboarding/calendar';
import type { Draft } from '../../domain/onboarding/forms';
import type { OnboardingStep } from '../../domain/onboarding/page';
import type { Actor } from '../../workflows/connect-onboarding/messages';
import { accountView, createAccount, supplyAnother } from './accounts';
import { reopenOnboarding, setAccountLastDay, setConnectLastDay, tellWorkflows } from './dates';
import type { OnboardingServiceDependencies } from './dependencies';
import { saveDraft } from './drafts';
import { findOr404 } from './find';
import { listView, type ListRequest } from './lists';
import { takeStep, type StepRequest } from './steps';
import { tryDirectory, uploadUsers } from './users';
import { onboardingEnvelope } from './view';

type Envelope = FlowEnvelope<OnboardingStep>;

/** Coming on board, as administrators and operators go about it. Every method answers what is there now, or throws a `Problem`. */
export function createOnboardingService(deps: OnboardingServiceDependencies) {
  const view = async (account: string): Promise<Envelope> => onboardingEnvelope(deps, await findOr404(deps, account), deps.clock());
  return {
    view,
    list: (request: ListRequest) => listView(deps, request),
    tellWorkflows: () => tellWorkflows(deps),

    async createAccount(account: NewAccount, actor: Actor) {
      const created = await createAccount(deps, account, actor);
      return { created, answer: { ...(await accountView(deps, account.code)), onboarding: await view(account.code) } };
    },
    supplyPassword: (account: string, actor: Actor): Promise<void> => supplyAnother(deps, account, actor),

    async saveDraft(account: string, task: string, input: { version: number; draft: Draft }, actor: Actor): Promise<Envelope> {
      await saveDraft(deps, account, task, input, actor);
      return view(account);
    },
    async step(account: string, request: StepRequest, actor: Actor): Promise<Envelope> {
      await takeStep(deps, account, request, actor);
      return view(account);
    },
    uploadUsers: (account: string, file: { fileName: string; content: AsyncIterable<Uint8Array> }, actor: Actor) => uploadUsers(deps, account, file, actor),
    tryDirectory: (account: string, version: number, actor: Actor) => tryDirectory(deps, account, version, actor),
    async reopen(account: string, actor: Actor): Promise<Envelope> {
      await reopenOnboarding(deps, account, actor);
      return view(account);
    },
    async setLastDay(account: string, date: CalendarDate | null, actor: Actor): Promise<Envelope> {
      await setAccountLastDay(deps, account, date, actor);
      return view(account);
    },

    async connectLastDay(): Promise<{ application: 'connect'; date: CalendarDate | null }> {
      return { application: 'connect', date: await applicationLastDay(deps.db, 'connect') };
    },
    async setConnectLastDay(date: CalendarDate | null, actor: Actor): Promise<{ application: 'connect'; date: CalendarDate | null }> {
      await setConnectLastDay(deps, date, actor);
      return { application: 'connect', date };
    },
  };
}

export type OnboardingService = ReturnType<typeof createOnboardingService>;
