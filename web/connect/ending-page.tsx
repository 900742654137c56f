import { Button, Group, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Onboarding } from '../api/onboardings';
import { applications } from '../applications';
import { IconCheck, IconNotice } from '../shell/icons';
import shell from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { day } from '../signed-in/moment';
import { TaskOverview } from './overview-page';

interface Words {
  readonly title: string;
  readonly text: string;
}

function wordsOf({ step, details: { discontinuation } }: Onboarding): Words {
  switch (step) {
    case 'discontinued': return {
      title: 'The Connect Application is discontinued',
      text: `${discontinuation ? `Its last day for your account was ${day(discontinuation.date)}. ` : ''}Nothing you entered is lost: if you still want to come on board, ask the support desk for more time, and you go on where you stopped.`,
    };
    case 'cancelled': return { title: 'This onboarding was stopped', text: 'The support desk has stopped it. Nothing you entered is lost: ask there to reopen it.' };
    default: return { title: 'You are on board', text: 'Every task is completed, and your mail is protected. From now on you manage your account in the Administration Console.' };
  }
}

/** The end of an onboarding: reached, or the application is gone. */
export function EndingPage({ onboarding }: { onboarding: Onboarding }) {
  const { title, text } = wordsOf(onboarding);
  const good = onboarding.step === 'done';
  const administration = applications['administration-console'];
  return (
    <Stack>
      <div className={shell.mark} data-good={good}>{good ? <IconCheck size={30} /> : <IconNotice size={30} />}</div>
      <StepHeading>{title}</StepHeading>
      <Text>{text}</Text>
      {good && <Group><Button component={Link} to={administration.path}>{`Open the ${administration.title}`}</Button></Group>}
      <TaskOverview onboarding={onboarding} linked={false} />
    </Stack>
  );
}
