import { Anchor, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getProblems } from '../api/client';
import { rememberedApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';
import { Waiting } from '../shell/waiting';

function ProblemText({ slug }: { slug: string }) {
  const { data, error } = useQuery({ queryKey: ['problems'], queryFn: getProblems, staleTime: Infinity });
  if (error) return <><StepHeading>What happened</StepHeading><ProblemAlert error={error} /></>;
  if (!data) return <Waiting />;
  const problem = data.find((known) => known.slug === slug);
  if (!problem) return <><StepHeading>No such problem</StepHeading><Text>Nothing is known under this address. Check that it was copied completely.</Text></>;
  return (
    <Stack>
      <StepHeading>{problem.title}</StepHeading>
      <Title order={2} size="h4">What to do</Title>
      <Text>{problem.whatToDo}</Text>
    </Stack>
  );
}

/** The page behind a problem document's type: what happened and what to do. */
export function ProblemPage() {
  const { slug = '' } = useParams();
  const application = rememberedApplication();
  return (
    <PortalShell application={application.title} home={application.path}>
      <Stack>
        <ProblemText slug={slug} />
        <Anchor component={Link} to={application.path} underline="always">{`Go to the ${application.title}`}</Anchor>
      </Stack>
    </PortalShell>
  );
}
