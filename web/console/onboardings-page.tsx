import { Button, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useSearchParams } from 'react-router';
import { getOnboardings, type OnboardingCounts } from '../api/onboarding-list';
import { ProblemAlert } from '../shell/problem-alert';
import shell from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { ApplicationLastDay } from './application-last-day';
import styles from './console.module.css';
import { OnboardingChart } from './onboarding-chart';
import { filterOf, OnboardingFilter, type FilterName } from './onboarding-filter';
import { LIST_KEY, OnboardingRow } from './onboarding-row';

const TYPING_MS = 250;

function Totals({ counts }: { counts: OnboardingCounts }) {
  const totals = [['Open', counts.open], ['Stalled for a week', counts.stalled], ['Completed', counts.completed], ['Discontinued', counts.discontinued], ['Cancelled', counts.cancelled]] as const;
  return <dl className={styles.totals}>{totals.map(([name, count]) => <div key={name}><dt>{name}</dt><dd>{count}</dd></div>)}</dl>;
}

/** The filter: at once in its fields, and a moment later in the page's address and the list. The router alone would answer too late for somebody who types. */
function useFilterInAddress() {
  const [address, setAddress] = useSearchParams();
  const [params, setParams] = useState(address);
  const [asked] = useDebouncedValue(params.toString(), TYPING_MS);
  useEffect(() => {
    if (asked !== address.toString()) setAddress(asked, { replace: true });
  }, [asked, address, setAddress]);
  const change = (name: FilterName, value: string): void => setParams((before) => {
    const after = new URLSearchParams(before);
    if (value === '') after.delete(name);
    else after.set(name, value);
    return after;
  });
  return { params, asked, change };
}

/** Every account that comes on board, for operators: where they stand, who needs somebody, and until when. */
export function OnboardingsPage() {
  const { params, asked, change } = useFilterInAddress();
  const filter = filterOf(new URLSearchParams(asked));
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...LIST_KEY, filter], queryFn: ({ pageParam }) => getOnboardings(filter, pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: ({ next }) => next, placeholderData: keepPreviousData,
  });
  const items = data?.pages.flatMap((page) => page.items);
  const counts = data?.pages[0]?.counts;
  if (!items || !counts) return <Stack><StepHeading>Onboardings</StepHeading>{error ? <ProblemAlert error={error} /> : <Waiting />}</Stack>;
  return (
    <Stack gap="lg">
      <StepHeading>Onboardings</StepHeading>
      <ProblemAlert error={error} />
      <Totals counts={counts} />
      <OnboardingChart counts={counts} onChoose={(task) => change('next', task)} />
      <ApplicationLastDay />
      <OnboardingFilter params={params} onChange={change} />
      <Text size="sm" c="dimmed" role="status">{`${items.length} ${items.length === 1 ? 'account' : 'accounts'}${hasNextPage ? ' shown, and more' : ''}; those that stand still for the longest first`}</Text>
      {items.length > 0 && <ul className={shell.rows} aria-label="Accounts">{items.map((onboarding) => <OnboardingRow key={onboarding.account} onboarding={onboarding} />)}</ul>}
      {hasNextPage && <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>Show more</Button>}
    </Stack>
  );
}
