import { Progress, Stack, Text, Title } from '@mantine/core';
import { isPhaseOpen } from '../../../domain/continuity/events';
import type { Phase } from '../../api/continuity';
import shell from '../../shell/shell.module.css';
import { useNow } from '../../shell/use-now';
import { rateOf, type Sample } from './rate';
import { counted, phaseInWords, phaseStateWords, reasonInWords } from './words';

const FULL = 100;

const partsOf = (phase: Phase) => [
  // Nobody reports what became of an e-mail.
  ...(phase.channel === 'email' ? [] : [['Delivered', phase.delivered, '#1b7a3a'] as const]),
  [phase.channel === 'email' ? 'Taken by the mail server' : 'Accepted by the provider', phase.accepted + phase.sent, phase.channel === 'email' ? '#1b7a3a' : '#79afdb'],
  ['Failed', phase.failed, '#b3261e'],
  ['Suppressed', phase.suppressed, '#6b4500'],
  ['Not sent any more', phase.superseded, '#8294a4'],
] as const;

function Rate({ name, samples }: { name: string; samples: readonly Sample[] }) {
  const rate = rateOf(samples, name, useNow());
  return <Text size="sm" className={shell.timer}>{rate === null ? 'The rate is being measured.' : `${counted.format(Math.round(rate))} a second.`}</Text>;
}

function inShort({ channel, audience, accepted, delivered, segments }: Phase, waiting: number): string {
  const [of, left] = [`of ${counted.format(audience)}`, `${counted.format(waiting)} waiting`];
  return channel === 'email' ? `${counted.format(accepted)} ${of} sent, ${left}.` : `${counted.format(delivered)} ${of} delivered, ${left}; ${counted.format(segments)} segments.`;
}

/** How far the telling of one phase is: whom it reached, whom not and why. */
export function PhaseProgress({ name, phase, samples }: { name: string; phase: Phase; samples: readonly Sample[] }) {
  const { audience } = phase;
  const parts = partsOf(phase);
  const waiting = phase.queued + phase.attempting + phase.unknown;
  const settled = audience - waiting;
  const done = audience === 0 ? (isPhaseOpen(phase.state) ? 0 : FULL) : Math.floor((settled / audience) * FULL);
  const title = phaseInWords(name);
  return (
    <Stack component="section" aria-label={title} gap="xs">
      <Title order={2} size="h4">{`${title}: ${phaseStateWords[phase.state]}`}</Title>
      <Text style={{ whiteSpace: 'pre-wrap' }}>{phase.text}</Text>
      <div role="progressbar" aria-label={`Progress: ${title}`} aria-valuemin={0} aria-valuemax={FULL} aria-valuenow={done} aria-valuetext={`${settled} of ${audience} settled`}>
        <Progress.Root size="xl" radius="sm" aria-hidden>
          {parts.map(([label, count, color]) => <Progress.Section key={label} value={audience === 0 ? 0 : (count / audience) * FULL} color={color} withAria={false} />)}
        </Progress.Root>
      </div>
      <Text size="sm">{inShort(phase, waiting)}</Text>
      {phase.state === 'sending' && <Rate name={name} samples={samples} />}
      <dl className={`${shell.facts} ${shell.figures}`}>
        <div><dt>Waiting</dt><dd>{counted.format(waiting)}</dd></div>
        {parts.map(([label, count]) => <div key={label}><dt>{label}</dt><dd>{counted.format(count)}</dd></div>)}
      </dl>
      <Reasons phase={phase} />
      {phase.why !== null && <Text size="sm">{`${reasonInWords(phase.why)}.`}</Text>}
    </Stack>
  );
}

function Reasons({ phase: { reasons } }: { phase: Phase }) {
  if (reasons.length === 0) return null;
  return (
    <ul aria-label="Why notices were not delivered" style={{ margin: 0 }}>
      {reasons.map(({ state, why, count }) => <li key={`${state} ${why}`}>{`${state === 'failed' ? 'Failed' : 'Suppressed'}: ${reasonInWords(why)}, ${counted.format(count)}`}</li>)}
    </ul>
  );
}
