import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { isWorthRetrying, slugOf } from '../api/client';
import { saveDraft, type Onboarding, type OnboardingTask } from '../api/onboardings';
import { DraftKeeper, UndecidedError, type Seen } from './draft-keeper';
import { asChosen, comparable, filledIn } from './drafts';

const PAUSE_MS = 800;
const RETRY_MS = 5_000;

function seenOf(onboarding: Onboarding, { name, version, draft, updatedBy, updatedAt }: OnboardingTask): Seen {
  return { version, draft: filledIn(onboarding.details.account, name, draft), by: updatedBy, at: updatedAt };
}

interface UseDraftOptions {
  readonly onboarding: Onboarding;
  readonly task: OnboardingTask;
  /** What the server answered. */
  readonly update: (onboarding: Onboarding) => void;
  readonly refetch: () => void;
  /** What was entered last could not be saved any more. */
  readonly onLost: (error: unknown) => void;
}

/** The draft of a task on this page: saved by itself while it is entered and when the page is left. */
export function useDraft({ onboarding, task, update, refetch, onLost }: UseDraftOptions) {
  const { id: account } = onboarding;
  const { name } = task;
  const [keeper] = useState(() => new DraftKeeper(seenOf(onboarding, task), {
    send: async (version, draft) => {
      const fresh = await saveDraft(account, name, version, asChosen(name, draft)).catch((error: unknown) => {
        // Somebody else was faster, or the task is not open any more: what is there now decides.
        if (slugOf(error) === 'changed-meanwhile' || slugOf(error) === 'wrong-step') refetch();
        throw error;
      });
      update(fresh);
      return seenOf(fresh, fresh.details.tasks.find((saved) => saved.name === name)!);
    },
    comparable: (draft) => comparable(name, draft),
    pauseMs: PAUSE_MS,
    retryMs: (error) => (isWorthRetrying(error) ? RETRY_MS : undefined),
  }));
  const snapshot = useSyncExternalStore(keeper.subscribe, keeper.snapshot);
  // A form of another version was saved, here or elsewhere.
  useEffect(() => keeper.see(seenOf(onboarding, task)), [keeper, onboarding, task]);

  const leave = useCallback(() => {
    keeper.stop();
    if (keeper.snapshot().unsaved) keeper.save().catch(onLost);
  }, [keeper, onLost]);
  useEffect(() => leave, [leave]);
  useEffect(() => {
    const hidden = () => {
      if (document.visibilityState === 'hidden') keeper.save().catch(() => undefined);
    };
    const closing = (event: BeforeUnloadEvent) => {
      const { unsaved, theirs, error } = keeper.snapshot();
      if (unsaved && (theirs !== null || error !== undefined)) event.preventDefault();
    };
    document.addEventListener('visibilitychange', hidden);
    window.addEventListener('beforeunload', closing);
    return () => {
      document.removeEventListener('visibilitychange', hidden);
      window.removeEventListener('beforeunload', closing);
    };
  }, [keeper]);
  return { keeper, snapshot };
}

/** Whether an error is shown elsewhere already: as the question what stays. */
export function isUndecided(error: unknown): boolean {
  return error instanceof UndecidedError || slugOf(error) === 'changed-meanwhile';
}
