import { Stack, Title } from '@mantine/core';
import { useEffect } from 'react';
import { ProblemAlert } from '../../shell/problem-alert';
import { Counts } from './counts';
import { useNumberCheck } from './use-number-check';

/** What the numbers of an attribute are worth, counted when it is shown. */
export function NumberCounts({ title, account, attribute, defaultCountry }: { title: string; account: string; attribute: string; defaultCountry: string | null }) {
  const { check, begin, error } = useNumberCheck(account, attribute);
  const { mutate } = begin;
  useEffect(() => mutate(defaultCountry), [mutate, defaultCountry]);
  return (
    <Stack component="section" aria-label={title} gap="xs">
      <Title order={2} size="h4">{title}</Title>
      <ProblemAlert error={error} />
      {check && <Counts check={check} />}
    </Stack>
  );
}
