import { Anchor, Button, Stack } from '@mantine/core';
import { Suspense, useEffect, useState, type ComponentType } from 'react';
import { useParams } from 'react-router';
import { slugOf } from '../api/client';
import { applicationOf, rememberApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { TimeLeft } from '../shell/time-left';
import { Waiting } from '../shell/waiting';
import { offers, type AnyCommand, type AnyFlow, type Journey, type StepProps } from './journey';
import { OverPage } from './over-page';
import { useFlow } from './use-flow';

/** Refusals that end what this page is about: they get the page, not a line above the form. */
const OVER = /^(flow|link)-/;

interface ContentProps<Flow extends AnyFlow, Command extends AnyCommand> extends ReturnType<typeof useFlow<Flow, Command>> {
  readonly journey: Journey<Flow, Command>;
}

/** The step that a flow is at, and what is offered at every step of it. */
function OpenFlow<Flow extends AnyFlow, Command extends AnyCommand>({ journey, flow, step, refetch }: ContentProps<Flow, Command> & { readonly flow: Flow }) {
  const at: Flow['step'] = flow.step;
  const [trail, setTrail] = useState<{ readonly now: Flow['step']; readonly before?: Flow['step'] }>({ now: at });
  if (trail.now !== at) setTrail({ now: at, before: trail.now });
  const Step: ComponentType<StepProps<Flow, Command>> = journey.steps[at];
  const given: StepProps<Flow, Command> = { flow, before: trail.before, send: step.mutate, busy: step.isPending, error: step.error };
  return (
    <>
      {journey.timeline(flow)}
      <Suspense fallback={<Waiting />}>
        <Step key={at} {...given} />
      </Suspense>
      {flow.expiresAt !== null && (
        <div className={styles.foot}>
          <TimeLeft until={flow.expiresAt} onOver={refetch} />
          {offers(flow, 'cancel') && <Anchor component="button" type="button" size="sm" underline="always" onClick={() => step.mutate(journey.cancel.command)}>{journey.cancel.label}</Anchor>}
        </div>
      )}
    </>
  );
}

function FlowContent<Flow extends AnyFlow, Command extends AnyCommand>(given: ContentProps<Flow, Command>) {
  const { journey, query, step, refetch } = given;
  if (step.error && OVER.test(slugOf(step.error))) return <OverPage error={step.error} />;
  if (query.data) return <OpenFlow {...given} flow={query.data} />;
  if (!query.error) return <Waiting />;
  return slugOf(query.error) === 'flow-not-found' ? <OverPage error={query.error} /> : (
    <Stack>
      <StepHeading>{journey.title}</StepHeading>
      <ProblemAlert error={query.error} />
      <Button onClick={() => void refetch()} loading={query.isFetching}>Try again</Button>
    </Stack>
  );
}

function FlowAt<Flow extends AnyFlow, Command extends AnyCommand>({ journey, id }: { journey: Journey<Flow, Command>; id: string }) {
  const flow = useFlow(journey, id);
  const application = applicationOf(flow.query.data);
  useEffect(() => rememberApplication(application.id), [application.id]);
  return (
    <PortalShell application={application.title} home={application.path}>
      <FlowContent journey={journey} {...flow} />
    </PortalShell>
  );
}

/** A flow at its address: draws the step that the server says, offers what it allows. */
export function FlowPage<Flow extends AnyFlow, Command extends AnyCommand>({ journey }: { journey: Journey<Flow, Command> }) {
  const { id = '' } = useParams();
  return <FlowAt key={id} journey={journey} id={id} />;
}
