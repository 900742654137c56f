import { Button, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { IconCheck, IconNotice } from '../shell/icons';
import styles from '../shell/shell.module.css';
import { StepHeading } from '../shell/step-heading';

/** Where a flow ended, well or not: what happened, and the one thing to do now. */
export function Ending({ good, title, text, to, label, children }: { good: boolean; title: string; text: string; to: string; label: string; children?: ReactNode }) {
  return (
    <Stack>
      <div className={styles.mark} data-good={good}>{good ? <IconCheck size={30} /> : <IconNotice size={30} />}</div>
      <StepHeading>{title}</StepHeading>
      <Text>{text}</Text>
      {children}
      <Button component={Link} to={to}>{label}</Button>
    </Stack>
  );
}
