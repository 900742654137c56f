import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { inWords } from '../shell/duration';
import { ProblemAlert } from '../shell/problem-alert';
import shell from '../shell/shell.module.css';
import { useNow } from '../shell/use-now';
import { moment } from '../signed-in/moment';
import type { TaskProps } from './page-props';
import { DnsRecords } from './records';
import { Entered, Found } from './summary';
import { BackToAll } from './task-foot';
import { useTaskStep } from './use-task-step';

/** When it is looked again. Not read out at every second. */
function NextLook({ at }: { at: string }) {
  const seconds = Math.ceil((Date.parse(at) - useNow()) / 1_000);
  return <Text size="sm" className={shell.timer} role="timer" aria-live="off">{seconds > 0 ? `Next look in ${inWords(seconds)}` : 'Looking again now'}</Text>;
}

/** A task that is being validated, for as long as it takes: what was found so far, and when it is looked again. */
export function ValidatingTask({ task, ...given }: TaskProps) {
  const step = useTaskStep(given);
  const { name, reason, whatToDo, checkedAt, nextCheckAt } = task;
  return (
    <Stack>
      <ProblemAlert error={step.error} />
      <Alert role="status" variant="light" color="harbour" title={reason === null ? 'It is being looked at' : 'Found so far'} styles={{ root: { backgroundColor: '#ecf4fb' }, title: { color: '#12467b' }, message: { color: '#1b2733' } }}>
        {reason === null ? <Text>You need not wait here: you are told by e-mail when it is done.</Text> : (
          <>
            <Text>{reason}</Text>
            <Text mt="xs">{whatToDo}</Text>
          </>
        )}
      </Alert>
      <div>
        {checkedAt !== null && <Text size="sm" className={shell.timer}>{`Last looked ${moment(checkedAt)}`}</Text>}
        {nextCheckAt !== null && <NextLook at={nextCheckAt} />}
      </div>
      <DnsRecords task={task} />
      <Found task={task} />
      <Entered task={task} />
      <Group>
        <Button onClick={() => step.mutate({ task: name, step: 'check-now' })} loading={step.isPending && step.variables.step === 'check-now'}>Check now</Button>
        <Button variant="default" onClick={() => step.mutate({ task: name, step: 'cancel' })} loading={step.isPending && step.variables.step === 'cancel'}>Stop</Button>
        <Text size="sm" c="dimmed">Stop to change what you entered. It is kept.</Text>
      </Group>
      <BackToAll onboarding={given.onboarding} current={name} />
    </Stack>
  );
}
