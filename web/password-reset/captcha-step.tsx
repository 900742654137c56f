import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState, type FormEvent } from 'react';
import { slugOf } from '../api/client';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import styles from '../shell/shell.module.css';
import { solveAlternative } from './captcha-alternative';
import type { ResetStepProps } from './step-props';

/** Any answer uses a picture up; this one is never right, so the next picture comes. */
const NO_ANSWER = '-';

/** The captcha, typed exactly as displayed, or solved by the device for those who cannot read it. */
export function CaptchaStep({ flow, send, busy, error }: ResetStepProps) {
  const [answer, setAnswer] = useState('');
  const [skipped, setSkipped] = useState(false);
  const { captcha } = flow.details;
  // What was typed belongs to its picture: it stays where the service was away and the picture is the same.
  useEffect(() => setAnswer(''), [captcha?.image]);
  const alternative = useMutation({
    mutationFn: () => solveAlternative(captcha!.alternative.challenge),
    onSuccess: (solution) => send({ action: 'captcha', body: { answer: solution } }),
  });
  if (!captcha) return null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setSkipped(false);
    send({ action: 'captcha', body: { answer } });
  };
  const another = () => {
    setSkipped(true);
    send({ action: 'captcha', body: { answer: NO_ANSWER } });
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        <StepHeading>Show that you are a person</StepHeading>
        <ProblemAlert error={skipped && slugOf(error) === 'captcha-wrong' ? alternative.error : error ?? alternative.error} />
        <img className={styles.captcha} src={captcha.image} alt="Distorted characters to type. If you cannot read them, use the button below the field." width={220} height={70} />
        <TextInput
          label="Captcha" description="Type it exactly as it is displayed: capital and small letters differ." required
          value={answer} onChange={(event) => setAnswer(event.currentTarget.value)} autoComplete="off" autoCapitalize="none" autoCorrect="off" spellCheck={false} maxLength={64}
        />
        <Button type="submit" loading={busy}>Reset Password</Button>
        <div>
          <Group gap="xs">
            <Button variant="default" size="sm" onClick={another} disabled={busy}>Another picture</Button>
            <Button variant="default" size="sm" onClick={() => { setSkipped(false); alternative.mutate(); }} loading={alternative.isPending} disabled={busy}>I can't read the picture</Button>
          </Group>
          <Text size="sm" c="dimmed" role="status">{alternative.isPending ? 'Your device is doing a short calculation instead. This takes a few seconds.' : ''}</Text>
        </div>
      </Stack>
    </form>
  );
}
