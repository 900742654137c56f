import { Anchor, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { getEvents, type ListedEvent } from '../../api/continuity';
import { getSmsSettings } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import shell from '../../shell/shell.module.css';
import { StepHeading } from '../../shell/step-heading';
import { Waiting } from '../../shell/waiting';
import { settingsKey } from '../sms-dashboard/keys';
import { NoticesOff } from './notices-off';
import { kindWords, people, stepWords, timeOf } from './words';

function Row({ event: { id, name, kind, step, startsAt, endsAt, timeZone, groups, told } }: { event: ListedEvent }) {
  const { label, color } = stepWords[step];
  return (
    <li className={shell.row}>
      <div>
        <Anchor component={Link} to={`/console/continuity-events/${id}`} fw={650} underline="always">{name ?? kindWords[kind]}</Anchor>
        <Text size="sm">{`${timeOf(startsAt, timeZone)}${endsAt === null ? '' : ` to ${timeOf(endsAt, timeZone)}`}`}</Text>
        <Text size="sm" c="dimmed">{`${groups.join(', ')}: ${people(told)} told`}</Text>
      </div>
      <Badge variant="outline" radius="sm" tt="none" color={color} c="#1b2733">{label}</Badge>
    </li>
  );
}

/** Services | Continuity Events: every event of the account, the newest first. */
export function EventsPage({ account }: { account: string }) {
  const settings = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['continuity-events', account], queryFn: ({ pageParam }) => getEvents(account, pageParam), initialPageParam: undefined as string | undefined, getNextPageParam: ({ next }) => next,
  });
  const events = data?.pages.flatMap(({ items }) => items);
  const notices = settings.data?.notices;
  return (
    <Stack>
      <StepHeading>Continuity Events</StepHeading>
      <ProblemAlert error={error ?? settings.error} />
      <Text>Tell people by text message what to do while mail is down, and when it is back.</Text>
      {notices && !notices.available && <NoticesOff why={notices.why} />}
      {notices?.available && <Group><Button component={Link} to="/console/continuity-events/new">New event</Button></Group>}
      {!events && !error && <Waiting />}
      {events?.length === 0 && <Text>There has been no event yet.</Text>}
      {events && events.length > 0 && <ul className={shell.rows} aria-label="Events">{events.map((event) => <Row key={event.id} event={event} />)}</ul>}
      {hasNextPage && <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>Show more</Button>}
    </Stack>
  );
}
