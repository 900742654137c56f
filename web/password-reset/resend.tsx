import { Button, Text } from '@mantine/core';
import { inWords } from '../shell/duration';
import { useNow } from '../shell/use-now';
import type { StepProps } from './use-flow';

/** Sends the secret again, once that is allowed, as often as that is allowed. */
export function Resend({ flow, send, busy }: Pick<StepProps, 'flow' | 'send' | 'busy'>) {
  const now = useNow();
  const { resend } = flow.details;
  if (!resend) return null;
  if (!flow.actions.some(({ name }) => name === 'resend')) return <Text size="sm">It cannot be sent again for this reset.</Text>;
  const seconds = resend.availableAt === null ? 0 : Math.max(0, Math.ceil((Date.parse(resend.availableAt) - now) / 1_000));
  return (
    <Button variant="default" size="sm" disabled={seconds > 0 || busy} onClick={() => send({ action: 'resend', body: {} })}>
      {seconds > 0 ? `Send again (in ${inWords(seconds)})` : 'Send again'}
    </Button>
  );
}
