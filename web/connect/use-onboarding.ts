import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { isOnboardingOver } from '../../domain/onboarding/page';
import { getOnboarding, type Onboarding } from '../api/onboardings';
import { useStream } from '../flow/use-stream';

/** Versions only grow: an answer that was overtaken on its way shows nothing anew. */
function isOvertaken(fresh: Onboarding, shown: Onboarding): boolean {
  return fresh.details.tasks.some(({ name, version }) => shown.details.tasks.some((task) => task.name === name && task.version > version));
}

/** An account's onboarding on this page, moved on by the server's stream as others and validations change it. */
export function useOnboarding(account: string) {
  const queryClient = useQueryClient();
  const query = useQuery({ queryKey: ['onboardings', account], queryFn: () => getOnboarding(account) });
  const open = query.data !== undefined && !isOnboardingOver(query.data.step);
  const update = useCallback(
    (fresh: Onboarding) => queryClient.setQueryData<Onboarding>(['onboardings', account], (shown) => (shown && isOvertaken(fresh, shown) ? shown : fresh)),
    [account, queryClient],
  );
  const refetch = useCallback(() => queryClient.invalidateQueries({ queryKey: ['onboardings', account] }), [account, queryClient]);

  // A stream that is refused has ended with its session, which the next answer says.
  useStream<Onboarding>(open ? `/api/onboardings/${encodeURIComponent(account)}/events` : undefined, update, () => void refetch());

  return { query, update, refetch };
}
