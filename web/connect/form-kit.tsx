import { Button, Fieldset, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, type ChangeEvent, type ReactNode } from 'react';
import type { Draft } from '../../domain/onboarding/forms';
import type { Onboarding, OnboardingTask } from '../api/onboardings';
import { IconCross } from '../shell/icons';
import styles from './connect.module.css';
import { itemsAt, textAt, valueAt, withValue } from './drafts';

/** What the fields of a task work with. */
export interface FormProps {
  readonly task: OnboardingTask;
  readonly onboarding: Onboarding;
  readonly draft: Draft;
  readonly change: (draft: Draft) => void;
  /** What is wrong at a path, once it is time to say so. */
  readonly errorAt: (path: string) => string | undefined;
  /** Tells everything that is wrong, and leads to the first of it. Answers whether nothing is. */
  readonly judge: () => boolean;
  /** Saves what is unsaved. Answers the version that is there then. */
  readonly save: () => Promise<number>;
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Binds a field that holds a text to its place in the draft. */
export function bound({ draft, change, errorAt }: FormProps, path: string) {
  return {
    name: path, value: textAt(draft, path), error: errorAt(path),
    onChange: (event: ChangeEvent<Field>) => change(withValue(draft, path, event.currentTarget.value)),
  };
}

interface ListFieldProps {
  readonly form: FormProps;
  readonly path: string;
  readonly legend: string;
  /** What one of them is called, as in "Add another domain". */
  readonly item: string;
  readonly description?: string;
  /** What a new one holds. */
  readonly empty?: unknown;
  /** The fields of the one at a path. */
  readonly children?: (path: string, name: string) => ReactNode;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A list that is added to and taken from, one line each. */
export function ListField({ form, path, legend, item, description, empty = '', children }: ListFieldProps) {
  const { draft, change, errorAt } = form;
  const items = itemsAt(draft, path, empty);
  const rows = useRef<HTMLDivElement>(null);
  const known = useRef(items.length);
  useEffect(() => {
    // Whoever adds one goes on in it.
    if (items.length === known.current + 1) rows.current?.querySelector<HTMLInputElement>('[data-row]:last-of-type input')?.focus();
    known.current = items.length;
  }, [items.length]);
  const error = errorAt(path);
  return (
    <Fieldset legend={legend} className={styles.listed}>
      {description && <Text size="sm" c="dimmed">{description}</Text>}
      <div ref={rows} className={styles.listed}>
        {items.map((_, index) => {
          const name = `${capital(item)} ${index + 1}`;
          return (
            <div key={index} data-row className={styles.item}>
              <div className={styles.fields}>
                {children ? children(`${path}.${index}`, name) : <TextInput aria-label={name} spellCheck={false} autoCapitalize="none" autoComplete="off" {...bound(form, `${path}.${index}`)} />}
              </div>
              {items.length > 1 && <UnstyledButton className={styles.remove} aria-label={`Remove ${name.toLowerCase()}`} onClick={() => change(withValue(draft, path, items.filter((_one, other) => other !== index)))}><IconCross size={16} /></UnstyledButton>}
            </div>
          );
        })}
      </div>
      {error !== undefined && <Text size="sm" c="var(--mantine-color-error)" data-error>{error}</Text>}
      <div><Button variant="default" size="xs" onClick={() => change(withValue(draft, path, [...items, empty]))}>{`Add another ${item}`}</Button></div>
    </Fieldset>
  );
}

/** Whether something was chosen, where a field holds yes or no. */
export function isTicked({ draft }: FormProps, path: string): boolean {
  return valueAt(draft, path) === true;
}
