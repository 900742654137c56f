import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useState } from 'react';
import { isOnboardingOver } from '../../domain/onboarding/page';
import { getOnboarding, type Onboarding } from '../api/onboardings';

/** After so long a stream that was refused is asked for again. */
const STREAM_AGAIN_MS = 5_000;

/** Versions only grow: an answer that was overtaken on its way shows nothing anew. */
function isOvertaken(fresh: Onboarding, shown: Onboarding): boolean {
  return fresh.details.tasks.some(({ name, version }) => shown.details.tasks.some((task) => task.name === name && task.version > version));
}

/** An account's onboarding on this page, moved on by the server's stream as others and validations change it. */
export function useOnboarding(account: string) {
  const queryClient = useQueryClient();
  const [streams, setStreams] = useState(0);
  const query = useQuery({ queryKey: ['onboardings', account], queryFn: () => getOnboarding(account) });
  const open = query.data !== undefined && !isOnboardingOver(query.data.step);
  const update = useCallback(
    (fresh: Onboarding) => queryClient.setQueryData<Onboarding>(['onboardings', account], (shown) => (shown && isOvertaken(fresh, shown) ? shown : fresh)),
    [account, queryClient],
  );
  const refetch = useCallback(() => queryClient.invalidateQueries({ queryKey: ['onboardings', account] }), [account, queryClient]);

  useEffect(() => {
    if (!open) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const events = new EventSource(`/api/onboardings/${encodeURIComponent(account)}/events`);
    events.addEventListener('flow', (event: MessageEvent<string>) => update(JSON.parse(event.data) as Onboarding));
    events.addEventListener('error', () => {
      // An interrupted stream comes back by itself. One that is refused has ended with its session, which the next answer says.
      if (events.readyState !== EventSource.CLOSED) return;
      void refetch();
      timer = setTimeout(() => setStreams((count) => count + 1), STREAM_AGAIN_MS);
    });
    return () => {
      clearTimeout(timer);
      events.close();
    };
  }, [account, open, update, refetch, streams]);

  return { query, update, refetch };
}
