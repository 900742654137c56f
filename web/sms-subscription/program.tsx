import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { askForProgram, takeOptInStep, type OwnProgram, type Subscription } from '../api/sms';
import { useStream } from '../flow/use-stream';
import { CodeForm } from '../sign-in/code-form';
import { ProblemAlert } from '../shell/problem-alert';
import { moment } from '../signed-in/moment';

type Step = Parameters<typeof takeOptInStep>[1];

const states: Record<Subscription['step'], { readonly label: string; readonly color: string }> = {
  invited: { label: 'Invited', color: 'harbour' }, 'enter-code': { label: 'Waiting for your answer', color: 'harbour' }, active: { label: 'Subscribed', color: 'green' },
  lapsed: { label: 'Not answered', color: 'gray' }, ended: { label: 'Not subscribed', color: 'gray' },
};

const whyEnded: Record<NonNullable<Subscription['details']['endedWhy']>, string> = {
  stopped: 'You ended it.', 'provider-opt-out': 'You opted out at your carrier.', 'number-changed': 'Your number changed: the new one has to be confirmed.',
  'number-refused': 'No text can be delivered to your number.', limited: 'No text may be sent to your number now. Try again tomorrow.', cancelled: 'It was cancelled.',
};

const delivery = { sending: 'The text message is being sent.', sent: 'The text message was sent.', undeliverable: 'The text message could not be delivered.' } as const;

/** One recurring program: what it is, and where one stands. */
export function Program({ program }: { program: OwnProgram }) {
  const queryClient = useQueryClient();
  const { subscription } = program;
  const update = useCallback((changed: Subscription) => {
    queryClient.setQueryData<OwnProgram[]>(['own-programs'], (shown) => shown?.map((each) => (each.program === changed.details.program ? { ...each, subscription: changed } : each)));
  }, [queryClient]);
  const follows = subscription?.step === 'enter-code' || subscription?.step === 'invited';
  useStream<Subscription>(follows ? `/api/sms-subscriptions/${subscription.id}/events` : undefined, update);
  const step = useMutation({
    mutationFn: (taken: Step | 'ask') => (taken === 'ask' ? askForProgram(program.program) : takeOptInStep(subscription!.id, taken)),
    onSuccess: update,
    onError: () => queryClient.invalidateQueries({ queryKey: ['own-programs'] }),
  });
  const offers = (name: string): boolean => subscription?.actions.some((action) => action.name === name) ?? false;
  const state = subscription && states[subscription.step];
  const asks = !subscription || subscription.step === 'lapsed' || subscription.step === 'ended';
  return (
    <Stack component="section" aria-label={program.name}>
      <Group justify="space-between">
        <Title order={2} size="h4">{program.name}</Title>
        {state && <Badge variant="outline" radius="sm" tt="none" color={state.color} c="#1b2733">{state.label}</Badge>}
      </Group>
      <Text>{program.terms}</Text>
      {program.number && <Text size="sm">{`Texts go to ${program.number.display}.`}</Text>}
      {program.why && <Text role="note">{program.why}</Text>}
      <ProblemAlert error={step.error} />
      {subscription && <Standing subscription={subscription} />}
      {subscription?.step === 'enter-code' && (
        <CodeForm label="Code from the text message" onSubmit={(code) => step.mutate({ action: 'code', code })} busy={step.isPending}>
          <Text size="sm">{`${delivery[subscription.details.delivery ?? 'sending']} Reply YES to it, or enter its code here until ${moment(subscription.expiresAt!)}.`}</Text>
        </CodeForm>
      )}
      <Group gap="xs">
        {asks && program.available && <Button onClick={() => step.mutate('ask')} loading={step.isPending}>Subscribe</Button>}
        {offers('accept') && <Button onClick={() => step.mutate({ action: 'accept' })} loading={step.isPending}>Subscribe</Button>}
        {offers('remind') && <Button variant="default" size="sm" onClick={() => step.mutate({ action: 'remind' })}>Send it once more</Button>}
        {offers('stop') && <Button variant="default" size="sm" onClick={() => step.mutate({ action: 'stop' })}>{subscription?.step === 'active' ? 'Unsubscribe' : 'No, thank you'}</Button>}
      </Group>
    </Stack>
  );
}

/** Since when, and why. */
function Standing({ subscription: { step, details } }: { subscription: Subscription }) {
  const said: Partial<Record<Subscription['step'], string>> = {
    invited: 'Your administrator invites you. Choose Subscribe, and we send one text to confirm that the number is yours.',
    active: `You have been subscribed since ${moment(details.since)}.`, lapsed: 'Nobody answered within 24 hours.', ended: details.endedWhy ? whyEnded[details.endedWhy] : '',
  };
  return (
    <div role="status">
      {said[step] && <Text>{said[step]}</Text>}
      {details.liftBy && <Text size="sm">{details.liftBy}</Text>}
    </div>
  );
}
