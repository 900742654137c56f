import { Button, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { problemOf, slugOf } from '../api/client';
import { rememberedApplication } from '../applications';
import { IconNotice } from '../shell/icons';
import { StepHeading } from '../shell/step-heading';
import styles from '../shell/shell.module.css';

/** A link or a flow that is over: used, expired, replaced, unknown. Says so and offers a new request. */
export function OverPage({ error }: { error: unknown }) {
  const { title, detail } = problemOf(error);
  return (
    <Stack data-problem={slugOf(error)}>
      <div className={styles.mark}><IconNotice size={30} /></div>
      <StepHeading>{title}</StepHeading>
      <Text>{detail}</Text>
      <Button component={Link} to={rememberedApplication().path}>Start a new request</Button>
    </Stack>
  );
}
