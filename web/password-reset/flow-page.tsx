import { Anchor, Button, Stack } from '@mantine/core';
import { lazy, Suspense, useEffect, type ComponentType } from 'react';
import { useParams } from 'react-router';
import { isEnding, type ResetStep } from '../../domain/password-reset';
import { slugOf } from '../api/client';
import { applicationOf, rememberApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';
import { TimeLeft } from '../shell/time-left';
import { Waiting } from '../shell/waiting';
import { CaptchaStep } from './captcha-step';
import { ChooseMethodStep } from './choose-method-step';
import { EndingStep } from './ending-step';
import { EnterCodeStep } from './enter-code-step';
import { FollowLinkStep } from './follow-link-step';
import { OverPage } from './over-page';
import { TemporaryPasswordStep } from './temporary-password-step';
import { Timeline } from './timeline';
import { useFlow, type StepProps } from './use-flow';

// The list of common passwords is large: it is loaded with the step that needs it.
const NewPasswordStep = lazy(() => import('./new-password-step'));

const steps: Record<ResetStep, ComponentType<StepProps>> = {
  captcha: CaptchaStep,
  'choose-method': ChooseMethodStep,
  'enter-code': EnterCodeStep,
  'follow-link': FollowLinkStep,
  'enter-temporary-password': TemporaryPasswordStep,
  'new-password': NewPasswordStep,
  done: EndingStep,
  expired: EndingStep,
  locked: EndingStep,
  cancelled: EndingStep,
  superseded: EndingStep,
  undeliverable: EndingStep,
};

/** Refusals that end what this page is about: they get the page, not a line above the form. */
const OVER = /^(flow|link)-/;

function FlowContent({ query, step, refetch }: ReturnType<typeof useFlow>) {
  if (step.error && OVER.test(slugOf(step.error))) return <OverPage error={step.error} />;
  if (!query.data) {
    if (!query.error) return <Waiting />;
    return slugOf(query.error) === 'flow-not-found' ? <OverPage error={query.error} /> : (
      <Stack>
        <StepHeading>Reset your password</StepHeading>
        <ProblemAlert error={query.error} />
        <Button onClick={() => void refetch()} loading={query.isFetching}>Try again</Button>
      </Stack>
    );
  }
  const flow = query.data;
  const Step = steps[flow.step];
  const offersCancel = flow.actions.some(({ name }) => name === 'cancel');
  return (
    <>
      <Timeline step={flow.step} />
      <Suspense fallback={<Waiting />}>
        <Step key={flow.step} flow={flow} send={step.mutate} busy={step.isPending} error={step.error} />
      </Suspense>
      {!isEnding(flow.step) && (
        <div className={styles.foot}>
          {flow.expiresAt && <TimeLeft until={flow.expiresAt} onOver={refetch} />}
          {offersCancel && <Anchor component="button" type="button" size="sm" underline="always" onClick={() => step.mutate({ action: 'cancel', body: {} })}>Cancel this reset</Anchor>}
        </div>
      )}
    </>
  );
}

function Flow({ id }: { id: string }) {
  const reset = useFlow(id);
  const application = applicationOf(reset.query.data);
  useEffect(() => rememberApplication(application.id), [application.id]);
  return (
    <PortalShell application={application.title} home={application.path}>
      <FlowContent {...reset} />
    </PortalShell>
  );
}

/** A reset at its address: draws the step that the server says, offers what it allows. */
export function FlowPage() {
  const { id = '' } = useParams();
  return <Flow key={id} id={id} />;
}
