import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getOwnPrograms } from '../api/sms';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';
import { Program } from './program';


/** One's own text messages: what there is to subscribe to, and how to end it. */
export function TextMessagesPage() {
  const { data, error } = useQuery({ queryKey: ['own-programs'], queryFn: getOwnPrograms });
  return (
    <Stack>
      <StepHeading>Your Text Messages</StepHeading>
      <ProblemAlert error={error} />
      {!data && !error && <Waiting />}
      {data?.map((program) => <Program key={program.program} program={program} />)}
      <Text size="sm" c="dimmed">Codes that you ask for when you log on or reset your password are sent in any case.</Text>
    </Stack>
  );
}
