import { Button, Group, NativeSelect, Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deliveryStates } from '../../../domain/continuity/events';
import { getDeliveries, type DeliveryState } from '../../api/continuity';
import { ProblemAlert } from '../../shell/problem-alert';
import shell from '../../shell/shell.module.css';
import { moment } from '../../signed-in/moment';
import { deliveryWords, phaseInWords, reasonInWords } from './words';

const ALL = '';

interface DeliveriesProps {
  readonly id: string;
  readonly phases: readonly string[];
  /** Where the phases stand: with another one the list is read again. */
  readonly stage: string;
}

/** What became of each notice, page by page. */
export function Deliveries({ id, phases, stage }: DeliveriesProps) {
  const [phase, setPhase] = useState(ALL);
  const [state, setState] = useState<DeliveryState>();
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage, refetch, isFetching } = useInfiniteQuery({
    queryKey: ['continuity-deliveries', id, phase, state, stage], placeholderData: keepPreviousData, queryFn: ({ pageParam }) => getDeliveries(id, { ...(phase === ALL ? {} : { phase }), ...(state === undefined ? {} : { state }) }, pageParam),
    initialPageParam: undefined as string | undefined, getNextPageParam: ({ next }) => next,
  });
  const rows = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Stack component="section" aria-label="Notices" gap="sm">
      <Title order={2} size="h4">Notices</Title>
      <ProblemAlert error={error} />
      <Group align="end">
        <NativeSelect label="Notice" value={phase} onChange={(event) => setPhase(event.currentTarget.value)} data={[{ value: ALL, label: 'All' }, ...phases.map((value) => ({ value, label: phaseInWords(value) }))]} />
        <NativeSelect
          label="What became of it" value={state ?? ALL} onChange={(event) => setState(deliveryStates.find((one) => one === event.currentTarget.value))}
          data={[{ value: ALL, label: 'Anything' }, ...deliveryStates.map((value) => ({ value, label: deliveryWords[value] }))]}
        />
        <Button variant="default" onClick={() => void refetch()} loading={isFetching && !isFetchingNextPage}>Refresh</Button>
      </Group>
      <Text size="sm" c="dimmed" role="status">{data ? `${rows.length} ${rows.length === 1 ? 'notice' : 'notices'}${hasNextPage ? ' shown, and more' : ''}` : ''}</Text>
      {rows.length > 0 && (
        <div className={shell.scroll} tabIndex={0} role="region" aria-label="Notices, one by one">
          <Table>
            <Table.Thead><Table.Tr>{['User', 'Sent to', 'Notice', 'State', 'Reason', 'Sent'].map((name) => <Table.Th key={name}>{name}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>{row.user.email ?? row.user.name}</Table.Td><Table.Td>{row.address ?? row.number}</Table.Td><Table.Td>{phaseInWords(row.phase)}</Table.Td><Table.Td>{deliveryWords[row.state]}</Table.Td>
                  <Table.Td>{row.why === null ? '' : reasonInWords(row.why)}</Table.Td><Table.Td>{row.attemptedAt === null ? '' : moment(row.attemptedAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {hasNextPage && <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>Show more</Button>}
    </Stack>
  );
}
