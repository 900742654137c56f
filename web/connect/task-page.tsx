import { Stack, Text } from '@mantine/core';
import { offeredActions } from '../../domain/onboarding/tasks';
import { moment } from '../signed-in/moment';
import { StepHeading } from '../shell/step-heading';
import { CompletedTask } from './completed-task';
import { NotStartedTask } from './not-started-task';
import { statesOf, type TaskProps } from './page-props';
import { TaskForm } from './task-form';
import { StateBadge } from './task-state';
import { ValidatingTask } from './validating-task';

function TaskAsItIs({ onLost, ...given }: TaskProps & { readonly onLost: (error: unknown) => void }) {
  const { task, onboarding } = given;
  if (task.state === 'completed') return <CompletedTask {...given} />;
  if (task.state === 'validating') return <ValidatingTask {...given} />;
  if (offeredActions(task.name, statesOf(onboarding)).includes('draft')) return <TaskForm {...given} onLost={onLost} />;
  return <NotStartedTask {...given} />;
}

/** A task: what it is for, where it stands, and what can be done about it now. */
export function TaskPage(given: TaskProps & { readonly onLost: (error: unknown) => void }) {
  const { title, introduction, state, updatedBy, updatedAt } = given.task;
  return (
    <Stack>
      <div>
        {/* Where the state changes, what had the focus may be gone: the heading takes it. */}
        <StepHeading key={state}>{title}</StepHeading>
        <Text component="div" size="sm" c="dimmed" mt={6} role="status"><StateBadge state={state} />{updatedBy !== null && ` Last changed by ${updatedBy}, ${moment(updatedAt)}`}</Text>
      </div>
      <Text>{introduction}</Text>
      <TaskAsItIs {...given} />
    </Stack>
  );
}
