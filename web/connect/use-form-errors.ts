import { useState, type FocusEvent } from 'react';
import { formErrors, secretFields, type Draft, type FormError } from '../../domain/onboarding/forms';
import type { OnboardingTask } from '../api/onboardings';
import { asChosen, textAt } from './drafts';

/** What is wrong with a draft, by the form that the server judges with. */
function judge({ name, secretsGiven }: OnboardingTask, draft: Draft): FormError[] {
  const secrets = secretFields[name];
  const content = Object.fromEntries(Object.entries(asChosen(name, draft)).filter(([field]) => !secrets.includes(field)));
  const given = secrets.filter((field) => textAt(draft, field) !== '' || (secretsGiven.includes(field) && !(field in draft)));
  return formErrors(name, content, given);
}

/**
 * What is wrong at each field. It is said once a field was filled in and left, or once the form was submitted: who has
 * only begun is told nothing. A pointer that presses a button is no leaving: the button would move away from under it.
 */
export function useFormErrors(task: OnboardingTask, draft: Draft) {
  const [told, setTold] = useState<readonly string[]>([]);
  const errors = judge(task, draft);
  return {
    errorAt: (path: string): string | undefined => (told.includes(path) ? errors.find((error) => error.path === path)?.message : undefined),
    /** Tells everything that is wrong with a draft. Answers where. */
    tellAll: (judged: Draft): string[] => {
      const paths = judge(task, judged).map(({ path }) => path);
      setTold((before) => [...before, ...paths]);
      return paths;
    },
    onFocus: ({ target, relatedTarget: left }: FocusEvent<HTMLElement>) => {
      const name = left?.getAttribute('name') ?? null;
      if (name !== null && textAt(draft, name) !== '' && target.matches(':focus-visible')) setTold((before) => (before.includes(name) ? before : [...before, name]));
    },
  };
}
