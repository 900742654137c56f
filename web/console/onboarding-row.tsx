import { Anchor, Badge, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { CalendarDate } from '../../domain/onboarding/calendar';
import { taskTexts } from '../../domain/onboarding/texts';
import { reopenOnboarding, setLastDay, type ListedOnboarding } from '../api/onboarding-list';
import { ProblemAlert } from '../shell/problem-alert';
import shell from '../shell/shell.module.css';
import { day, moment } from '../signed-in/moment';
import styles from './console.module.css';
import { LastDayForm } from './last-day-form';
import { waitsInWords } from './waits-for';

export const LIST_KEY = ['onboarding-list'];

function stands({ next, waitsFor, outcome, completed }: ListedOnboarding): string {
  const done = `${completed} ${completed === 1 ? 'task' : 'tasks'} completed`;
  if (outcome !== null) return done;
  return `${done}; next: ${next === null ? 'nothing' : taskTexts[next].title}${waitsFor === null ? '' : `, ${waitsInWords[waitsFor]}`}`;
}

function daysInWords({ discontinuation, outcome }: ListedOnboarding): string {
  if (!discontinuation) return 'No last day.';
  const { date, daysLeft, extended } = discontinuation;
  const left = outcome === null ? `, ${daysLeft} ${daysLeft === 1 ? 'day' : 'days'} left` : '';
  return `Last day ${day(date)}${extended ? ', of its own' : ''}${left}.`;
}

/** One account on its way, and what operators do for it: look in, give it more time, reopen. */
export function OnboardingRow({ onboarding }: { onboarding: ListedOnboarding }) {
  const { account, name, region, outcome, stalled, discontinuation, lastWorkAt } = onboarding;
  const [changing, setChanging] = useState(false);
  const queryClient = useQueryClient();
  const act = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: async () => {
      setChanging(false);
      await queryClient.invalidateQueries({ queryKey: LIST_KEY });
    },
  });
  const save = (date: CalendarDate | null): void => act.mutate(() => setLastDay(account, date));
  return (
    <li className={shell.row}>
      <Stack gap={4}>
        <div className={styles.actions}>
          <Anchor component={Link} to={`/connect/${account}`} fw={650} underline="always">{account}</Anchor>
          <Text span>{`${name}, ${region.toUpperCase()}`}</Text>
          {stalled && <Badge color="yellow" variant="light" radius="sm" tt="none" c="#6b4500">stalled</Badge>}
          {outcome !== null && <Badge variant="default" radius="sm" tt="none">{outcome}</Badge>}
        </div>
        <Text size="sm">{stands(onboarding)}</Text>
        <Text size="sm" c="dimmed">{`Work went on last ${moment(lastWorkAt)}. ${daysInWords(onboarding)}`}</Text>
        <ProblemAlert error={act.error} />
        {changing && <LastDayForm label={`Last day of ${account}`} current={discontinuation?.date ?? null} onSave={save} busy={act.isPending} none={discontinuation?.extended ? 'As the application' : undefined} />}
      </Stack>
      <div className={styles.actions}>
        {outcome !== 'completed' && <Button variant="default" size="sm" aria-expanded={changing} aria-label={`Last day of ${account}: change`} onClick={() => setChanging(!changing)}>Last day</Button>}
        {(outcome === 'discontinued' || outcome === 'cancelled') && <Button variant="default" size="sm" aria-label={`Reopen ${account}`} loading={act.isPending} onClick={() => act.mutate(() => reopenOnboarding(account))}>Reopen</Button>}
      </div>
    </li>
  );
}
