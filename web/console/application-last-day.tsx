import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getApplicationLastDay, setApplicationLastDay } from '../api/onboarding-list';
import { ProblemAlert } from '../shell/problem-alert';
import { day } from '../signed-in/moment';
import { LastDayForm } from './last-day-form';
import { LIST_KEY } from './onboarding-row';

const KEY = ['application-last-day'];

/** The last day of the Connect Application, for every account that has none of its own. */
export function ApplicationLastDay() {
  const [changing, setChanging] = useState(false);
  const queryClient = useQueryClient();
  const { data, error } = useQuery({ queryKey: KEY, queryFn: getApplicationLastDay });
  const save = useMutation({
    mutationFn: setApplicationLastDay,
    onSuccess: async (date) => {
      queryClient.setQueryData(KEY, date);
      setChanging(false);
      await queryClient.invalidateQueries({ queryKey: LIST_KEY });
    },
  });
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Last day of the Connect Application</Title>
      <ProblemAlert error={error ?? save.error} />
      {data !== undefined && (
        <Group gap="sm">
          <Text role="status">{data === null ? 'None is set.' : `${day(data)}, by the clock of each account.`}</Text>
          <Button variant="default" size="sm" aria-expanded={changing} onClick={() => setChanging(!changing)}>Change</Button>
        </Group>
      )}
      {changing && (
        <>
          <Text size="sm">It holds for every account without a day of its own. Reminders are scheduled anew, and banners show it at once.</Text>
          <LastDayForm label="Last day for all accounts" current={data ?? null} onSave={save.mutate} busy={save.isPending} none={data ? 'No last day' : undefined} />
        </>
      )}
    </Stack>
  );
}
