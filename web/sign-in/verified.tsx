import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { IconCheck } from '../shell/icons';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';

/** The second step is taken; "Log In" goes on. */
export function Verified({ title, text, onLogIn, busy = false, children }: { title: string; text: string; onLogIn: () => void; busy?: boolean; children?: ReactNode }) {
  return (
    <Stack>
      <div className={styles.mark} data-good={true}><IconCheck size={30} /></div>
      <StepHeading>{title}</StepHeading>
      <Text>{text}</Text>
      {children}
      <Button onClick={onLogIn} loading={busy}>Log In</Button>
    </Stack>
  );
}
