import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, type FormEvent } from 'react';
import { flushSync } from 'react-dom';
import { missingFor, type TaskName } from '../../domain/onboarding/tasks';
import { whyNotOffered } from '../../domain/onboarding/texts';
import { submitTask, type OnboardingTask } from '../api/onboardings';
import { ProblemAlert } from '../shell/problem-alert';
import { moment } from '../signed-in/moment';
import { Conflict } from './conflict';
import type { DraftSnapshot } from './draft-keeper';
import { withoutBlanks } from './drafts';
import { fieldsOf } from './forms';
import { statesOf, type TaskProps } from './page-props';
import { DnsRecords } from './records';
import { Found } from './summary';
import { BackToAll } from './task-foot';
import { isUndecided, useDraft } from './use-draft';
import { useFormErrors } from './use-form-errors';

const submitLabels: Readonly<Record<TaskName, string>> = {
  details: 'Confirm these details', domains: 'Verify these domains', users: 'Synchronise users', authentication: 'Set up authentication', 'outbound-mail': 'Authorise these hosts',
  'inbound-mail': 'Check this host', sms: 'Set up SMS', review: 'Go live',
};

function savedWords({ saving, unsaved, error, theirs, takenOver }: DraftSnapshot): string {
  if (theirs) return 'Not saved: somebody else changed this.';
  if (error !== undefined) return 'Not saved yet.';
  if (saving) return 'Saving ...';
  if (unsaved) return 'Saved when you pause.';
  return takenOver ? `${takenOver.by ?? 'Somebody'} changed this, ${moment(takenOver.at)}.` : 'What you enter is saved by itself.';
}

/** Puts the focus at the first field that something is wrong with. */
function focusFirst(form: HTMLFormElement, paths: readonly string[]): void {
  const fields = [...form.querySelectorAll<HTMLElement>('[name]')];
  const wrong = fields.find((field) => paths.some((path) => field.getAttribute('name') === path || field.getAttribute('name')?.startsWith(`${path}.`)));
  wrong?.focus();
}

/** Why validating failed the last time. */
function Attention({ task }: { task: OnboardingTask }) {
  return (
    <>
      <Alert role="note" variant="light" color="yellow" title="This needs your attention" styles={{ root: { backgroundColor: '#fdf3d7' }, title: { color: '#6b4500' }, message: { color: '#1b2733' } }}>
        <Text>{task.reason}</Text>
        <Text mt="xs">{task.whatToDo}</Text>
      </Alert>
      <Found task={task} />
    </>
  );
}

/** A task that is being worked at: its form, saved by itself, and submitted once it is complete. */
export function TaskForm({ task, onLost, ...given }: TaskProps & { readonly onLost: (error: unknown) => void }) {
  const { onboarding, update, refetch } = given;
  const form = useRef<HTMLFormElement>(null);
  const { keeper, snapshot } = useDraft({ task, onLost, ...given });
  const { draft, theirs } = snapshot;
  const { errorAt, tellAll, onFocus } = useFormErrors(task, draft);
  const submission = useMutation({
    mutationFn: async () => submitTask(onboarding.id, task.name, await keeper.save()),
    onSuccess: update,
    onError: () => void refetch(),
  });
  const missing = missingFor(task.name, statesOf(onboarding));
  const error = submission.error ?? snapshot.error;
  const judge = (): boolean => {
    const complete = withoutBlanks(draft);
    // What was filled in for somebody is sent as if they had typed it.
    flushSync(() => keeper.edit(complete));
    const wrong = tellAll(complete);
    if (form.current) focusFirst(form.current, wrong);
    return wrong.length === 0;
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (judge()) submission.mutate();
  };
  const Fields = fieldsOf[task.name];
  return (
    <form ref={form} onSubmit={submit} onFocus={onFocus} noValidate>
      <Stack>
        {task.state === 'needs-attention' && <Attention task={task} />}
        {theirs && <Conflict task={task.name} theirs={theirs} mine={draft} onTake={() => keeper.takeTheirs()} onKeep={() => keeper.keepMine()} />}
        {!theirs && !isUndecided(error) && <ProblemAlert error={error} />}
        <Fields task={task} onboarding={onboarding} draft={draft} change={(changed) => keeper.edit(changed)} errorAt={errorAt} judge={judge} save={() => keeper.save()} />
        <DnsRecords task={task} />
        {missing.length > 0 && <Text size="sm" c="dimmed">{whyNotOffered({ why: 'needs', tasks: missing })}</Text>}
        <Group gap="md">
          <Button type="submit" loading={submission.isPending} disabled={missing.length > 0 || theirs !== null}>{submitLabels[task.name]}</Button>
          <Text size="sm" c="dimmed" role="status">{savedWords(snapshot)}</Text>
        </Group>
        <BackToAll onboarding={onboarding} current={task.name} />
      </Stack>
    </form>
  );
}
