import { Button, Checkbox, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { alertProblem } from '../../../domain/continuity/alerts';
import { changeEvent, getEvent, takeEventStep, type ContinuityEvent, type EventAction, type EventStep } from '../../api/continuity';
import { ProblemAlert } from '../../shell/problem-alert';
import { AlertField } from './alert-field';
import styles from './continuity.module.css';
import { changeOf, draftOf, type EventDraft } from './draft';
import { EventFields } from './event-fields';
import { useRequestKey } from './request-key';
import { retryInWords } from './words';

/** Steps of an event that are taken on this page: what they answer is shown, a refusal fetches what is there by now. */
export function useEventStep(id: string, { update, refetch }: { readonly update: (event: ContinuityEvent) => void; readonly refetch: () => unknown }) {
  return useMutation({ mutationFn: (step: EventStep) => takeEventStep(id, step), onSuccess: update, onError: refetch });
}

type Opened = 'start' | 'update' | 'end' | 'change' | 'cancel';
const labels: Readonly<Record<Opened, string>> = { start: 'Start now', update: 'Send an update', end: 'End now', change: 'Change', cancel: 'Cancel the event' };
const opened = ['start', 'update', 'end', 'change', 'cancel'] as const;

interface EventActionsProps {
  readonly event: ContinuityEvent;
  readonly update: (event: ContinuityEvent) => void;
  readonly refetch: () => unknown;
}

/** What can be done with an event now, each after it was confirmed. */
export function EventActions({ event, update, refetch }: EventActionsProps) {
  const [open, setOpen] = useState<Opened>();
  const close = (): void => setOpen(undefined);
  const step = useEventStep(event.id, { refetch, update: (fresh) => {
    update(fresh);
    close();
  } });
  const offers = (name: EventAction): boolean => event.actions.some((action) => action.name === name);
  const take = (taken: EventStep): void => step.mutate(taken);
  const shown = open !== undefined && offers(open) ? open : undefined;
  const panel = { busy: step.isPending, onClose: close };
  return (
    <Stack gap="sm">
      <ProblemAlert error={step.error} />
      <Group gap="xs">
        {offers('approve') && <Button onClick={() => take({ action: 'approve' })} loading={step.isPending}>Approve</Button>}
        {opened.filter(offers).map((name) => <Button key={name} variant="default" aria-expanded={shown === name} onClick={() => setOpen(shown === name ? undefined : name)}>{labels[name]}</Button>)}
        {offers('retry-failed') && <Button variant="default" className={styles.wrapping} onClick={() => take({ action: 'retry-failed' })} loading={step.isPending}>{retryInWords(event)}</Button>}
      </Group>
      {shown === 'start' && <Panel {...panel} label="Yes, start now" onConfirm={() => take({ action: 'start' })}><Text>Everybody in the groups who is subscribed is told at once.</Text></Panel>}
      {shown === 'cancel' && <Panel {...panel} label="Yes, cancel the event" onConfirm={() => take({ action: 'cancel' })}><Text>It does not start, and nobody is told.</Text></Panel>}
      {shown === 'update' && <UpdatePanel {...panel} onSend={(alert, key) => take({ action: 'update', alert, key })} />}
      {shown === 'end' && <EndPanel {...panel} alert={event.details.alerts.end} onEnd={(alert) => take({ action: 'end', alert })} />}
      {shown === 'change' && <ChangePanel event={event} update={update} onClose={close} />}
    </Stack>
  );
}

interface PanelProps {
  readonly busy: boolean;
  readonly onClose: () => void;
}

function Panel({ label, busy, ready = true, onConfirm, onClose, children }: PanelProps & { readonly label: string; readonly ready?: boolean; readonly onConfirm: () => void; readonly children: ReactNode }) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onConfirm();
  };
  return (
    <form onSubmit={submit} className={styles.panel}>
      <Stack gap="sm">
        {children}
        <Group gap="xs">
          <Button type="submit" loading={busy} disabled={!ready}>{label}</Button>
          <Button variant="default" onClick={onClose}>Not now</Button>
        </Group>
      </Stack>
    </form>
  );
}

function UpdatePanel({ onSend, ...panel }: PanelProps & { readonly onSend: (alert: string, key: string) => void }) {
  const [text, setText] = useState('');
  const keyFor = useRequestKey();
  return (
    <Panel {...panel} label="Send it" ready={alertProblem(text) === null} onConfirm={() => onSend(text, keyFor(text))}>
      <AlertField label="Text of the update" value={text} onChange={setText} />
    </Panel>
  );
}

function EndPanel({ alert, onEnd, ...panel }: PanelProps & { readonly alert: string | null; readonly onEnd: (alert: string | null) => void }) {
  const [text, setText] = useState(alert ?? '');
  const [tells, setTells] = useState(alert !== null);
  return (
    <Panel {...panel} label="Yes, end now" ready={!tells || alertProblem(text) === null} onConfirm={() => onEnd(tells ? text : null)}>
      <Text>What of the start has not gone out by now is dropped.</Text>
      <Checkbox label="Tell those who got the start" checked={tells} onChange={(event) => setTells(event.currentTarget.checked)} />
      {tells && <AlertField label="Alert at the end" value={text} onChange={setText} />}
    </Panel>
  );
}

function ChangePanel({ event, update, onClose }: Pick<EventActionsProps, 'event' | 'update'> & { readonly onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(event));
  const [version, setVersion] = useState(event.details.version);
  const save = useMutation({
    mutationFn: () => changeEvent(event.id, changeOf(event, version, draft)),
    onSuccess: (fresh) => {
      update(fresh);
      onClose();
    },
    // Where somebody else was first, that is said and shown, and what was written here stays: saving it again is one's own decision.
    onError: async () => {
      const fresh = await getEvent(event.id);
      update(fresh);
      setVersion(fresh.details.version);
    },
  });
  const change = (changed: Partial<EventDraft>): void => setDraft((shown) => ({ ...shown, ...changed }));
  return (
    <Panel busy={save.isPending} label="Save the change" ready={draft.groups.length > 0} onConfirm={() => save.mutate()} onClose={onClose}>
      <ProblemAlert error={save.error} />
      <EventFields account={event.details.account} draft={draft} change={change} endOnly={event.step === 'active'} />
    </Panel>
  );
}
