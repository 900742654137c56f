import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { createEvent, previewEvent, testAlert } from '../../api/continuity';
import { getSmsSettings } from '../../api/sms';
import { ProblemAlert } from '../../shell/problem-alert';
import { StepHeading } from '../../shell/step-heading';
import { Waiting } from '../../shell/waiting';
import { settingsKey } from '../sms-dashboard/keys';
import { canPreview, newDraft, newEventOf, previewAsked, testsAsked, type EventDraft } from './draft';
import { EventFields } from './event-fields';
import { EventPreview } from './event-preview';
import { NoticesOff } from './notices-off';
import { useRequestKey } from './request-key';

const LIST = '/console/continuity-events';

/** A new event: planned, or started now. */
export function NewEventPage({ account }: { account: string }) {
  const { data: settings, error } = useQuery({ queryKey: settingsKey(account), queryFn: () => getSmsSettings(account) });
  return (
    <Stack>
      <StepHeading>New Continuity Event</StepHeading>
      <ProblemAlert error={error} />
      {!settings && !error && <Waiting />}
      {settings && !settings.notices.available && <NoticesOff why={settings.notices.why} />}
      {settings?.notices.available && <NewEventForm account={account} approval={settings.approvalRequired} />}
    </Stack>
  );
}

function submitLabel(kind: EventDraft['kind'], approval: boolean): string {
  if (approval) return 'Ask for approval';
  return kind === 'planned' ? 'Plan the event' : 'Start the event now';
}

function NewEventForm({ account, approval }: { account: string; approval: boolean }) {
  const [draft, setDraft] = useState(newDraft);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const keyFor = useRequestKey();
  const preview = useMutation({ mutationFn: () => previewEvent(previewAsked(account, draft)) });
  const test = useMutation({
    mutationFn: async () => {
      let lastDigits = '';
      for (const asked of testsAsked(account, draft)) lastDigits = await testAlert(asked);
      return lastDigits;
    },
  });
  const create = useMutation({
    mutationFn: () => {
      const asked = newEventOf(account, draft);
      return createEvent(asked, keyFor(asked));
    },
    onSuccess: async (event) => {
      queryClient.setQueryData(['continuity-event', event.id], event);
      await queryClient.invalidateQueries({ queryKey: ['continuity-events', account] });
      await navigate(`${LIST}/${event.id}`);
    },
  });
  const change = (changed: Partial<EventDraft>): void => {
    setDraft((shown) => ({ ...shown, ...changed }));
    preview.reset();
    test.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  const ready = canPreview(draft);
  return (
    <form onSubmit={submit}>
      <Stack>
        <Radio.Group label="Kind of event" value={draft.kind} onChange={(kind) => change({ kind: kind === 'planned' ? 'planned' : 'unplanned' })}>
          <Stack gap="xs" mt="xs">
            <Radio value="unplanned" label="Unplanned: mail is down now" />
            <Radio value="planned" label="Planned: it has a start and an end" />
          </Stack>
        </Radio.Group>
        <EventFields account={account} draft={draft} change={change} />
        <ProblemAlert error={preview.error ?? test.error} />
        <Group gap="xs">
          <Button variant="default" onClick={() => preview.mutate()} loading={preview.isPending} disabled={!ready}>Preview</Button>
          <Button variant="default" onClick={() => test.mutate()} loading={test.isPending} disabled={!ready}>Test to myself</Button>
        </Group>
        <Text size="sm" role="status">{test.isSuccess ? `${draft.tellsEnd ? 'Both alerts are' : 'The alert at the start is'} being sent to your number that ends in ${test.data}.` : ''}</Text>
        {preview.data && <EventPreview preview={preview.data} />}
        {approval && <Text size="sm">A second administrator has to approve it before anybody is told.</Text>}
        <ProblemAlert error={create.error} />
        <Group>
          <Button type="submit" loading={create.isPending} disabled={!ready}>{submitLabel(draft.kind, approval)}</Button>
          <Button component={Link} to={LIST} variant="default">Go Back</Button>
        </Group>
      </Stack>
    </form>
  );
}
