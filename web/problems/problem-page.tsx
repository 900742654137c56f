import { Anchor, Loader, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { getProblems } from '../api/client';
import { rememberedApplication } from '../applications';
import { PortalShell } from '../shell/portal-shell';
import { ProblemAlert } from '../shell/problem-alert';
import { StepHeading } from '../shell/step-heading';

function ProblemText({ slug }: { slug: string }) {
  const { data, error } = useQuery({ queryKey: ['problems'], queryFn: getProblems, staleTime: Infinity });
  if (error) return <ProblemAlert error={error} />;
  if (!data) return <Loader aria-label="Loading" />;
  const problem = data.find((known) => known.slug === slug);
  if (!problem) return <StepHeading>No such problem</StepHeading>;
  return (
    <Stack>
      <StepHeading>{problem.title}</StepHeading>
      <Text component="h2" fw={650}>What to do</Text>
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
