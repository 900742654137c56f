import { Anchor, Badge, Button, Group, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { Link, useParams } from 'react-router';
import type { ContinuityEvent } from '../../api/continuity';
import { Timeline } from '../../flow/timeline';
import { ProblemAlert } from '../../shell/problem-alert';
import shell from '../../shell/shell.module.css';
import { StepHeading } from '../../shell/step-heading';
import { Waiting } from '../../shell/waiting';
import styles from './continuity.module.css';
import { Deliveries } from './deliveries';
import { EventActions, useEventStep } from './event-actions';
import { PhaseProgress } from './phase-progress';
import { useEvent } from './use-event';
import { kindWords, phaseInWords, phaseStateWords, stepWords, timeOf } from './words';

/** The way of an event, and how far it is: past all where it has ended, nowhere where it was cancelled. */
function wayOf({ step, details: { kind, approvedAt } }: ContinuityEvent): { stages: string[]; current: number | undefined } {
  const asked = step === 'awaiting-approval' || approvedAt !== null;
  const stages = [...(asked ? ['Approval'] : []), ...(kind === 'planned' ? ['Planned'] : []), 'Active', 'Ended'];
  switch (step) {
    case 'cancelled': return { stages, current: undefined };
    case 'ended': return { stages, current: stages.length };
    case 'active': return { stages, current: stages.indexOf('Active') };
    case 'planned': return { stages, current: stages.indexOf(kind === 'planned' ? 'Planned' : 'Active') };
    case 'awaiting-approval': return { stages, current: 0 };
  }
}

/** Stops what is being sent. It stays in view while there is something to stop. */
function StopBar({ event, update, refetch }: { event: ContinuityEvent; update: (event: ContinuityEvent) => void; refetch: () => unknown }) {
  const stop = useEventStep(event.id, { update, refetch });
  if (!event.actions.some(({ name }) => name === 'stop')) return null;
  return (
    <div className={styles.stop} role="region" aria-label="Being sent">
      <Text size="sm">Notices are being sent. What has not gone out when you stop stays unsent until you let it go on.</Text>
      <Button color="red" loading={stop.isPending} onClick={() => stop.mutate({ action: 'stop' })}>Stop sending</Button>
      <ProblemAlert error={stop.error} />
    </div>
  );
}

/** What happened when, by the clock of the event's time zone. */
function History({ details }: { details: ContinuityEvent['details'] }) {
  const { createdBy, createdAt, approvedAt, startedAt, endedAt, phases, timeZone } = details;
  const begun = Object.entries(phases).flatMap(([name, phase]) => [
    [phase.startedAt, `${phaseInWords(name)}: sending began`] as const, [phase.endedAt, `${phaseInWords(name)}: sending ended`] as const,
  ]);
  const entries = [[createdAt, `Written by ${createdBy}`] as const, [approvedAt, 'Approved'] as const, [startedAt, 'Started'] as const, ...begun, [endedAt, startedAt === null ? 'Cancelled' : 'Ended'] as const]
    .flatMap(([at, what]) => (at === null ? [] : [{ at, what }])).sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  return (
    <Stack component="section" aria-label="Timeline" gap="xs">
      <Title order={2} size="h4">Timeline</Title>
      <ol className={styles.history}>{entries.map(({ at, what }) => <li key={what}>{`${what}: ${timeOf(at, timeZone)}`}</li>)}</ol>
    </Stack>
  );
}

function Facts({ details: { kind, startsAt, endsAt, timeZone, groups, alerts } }: { details: ContinuityEvent['details'] }) {
  return (
    <dl className={shell.facts}>
      <div><dt>Kind</dt><dd>{kindWords[kind]}</dd></div>
      <div><dt>Start</dt><dd>{timeOf(startsAt, timeZone)}</dd></div>
      <div><dt>End</dt><dd>{endsAt === null ? 'When it is ended by hand' : timeOf(endsAt, timeZone)}</dd></div>
      <div><dt>Groups</dt><dd>{groups.join(', ')}</dd></div>
      <div><dt>Alert at the start</dt><dd className={styles.text}>{alerts.start}</dd></div>
      <div><dt>Alert at the end</dt><dd className={styles.text}>{alerts.end ?? 'Nobody is told'}</dd></div>
    </dl>
  );
}

/** One event as it goes: where it stands, whom it reached, and what can be done. */
export function EventPage() {
  const { id = '' } = useParams();
  const { event, error, update, refetch, samples } = useEvent(id);
  if (!event) return <Stack><StepHeading>Continuity Event</StepHeading>{error ? <ProblemAlert error={error} /> : <Waiting />}</Stack>;
  const { step, details } = event;
  const { label, color } = stepWords[step];
  const phases = Object.entries(details.phases);
  return (
    <Stack gap="lg">
      <Anchor component={Link} to="/console/continuity-events" underline="always" size="sm">All continuity events</Anchor>
      <Group justify="space-between">
        <StepHeading>{details.name ?? kindWords[details.kind]}</StepHeading>
        <Badge role="status" size="lg" variant="outline" radius="sm" tt="none" color={color} c="#1b2733">{label}</Badge>
      </Group>
      <VisuallyHidden role="status">{phases.map(([name, { state }]) => `${phaseInWords(name)}: ${phaseStateWords[state]}.`).join(' ')}</VisuallyHidden>
      <StopBar event={event} update={update} refetch={refetch} />
      <Timeline label="Where the event stands" {...wayOf(event)} />
      <EventActions event={event} update={update} refetch={refetch} />
      {phases.map(([name, phase]) => <PhaseProgress key={name} name={name} phase={phase} samples={samples} />)}
      <Facts details={details} />
      <History details={details} />
      {phases.length > 0 && <Deliveries id={event.id} phases={phases.map(([name]) => name)} stage={phases.map(([name, { state }]) => `${name} ${state}`).join()} />}
    </Stack>
  );
}
