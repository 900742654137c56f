import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { SESSION_KEY } from '../api/client';
import type { AnyCommand, AnyFlow, Journey } from './journey';
import { useStream } from './use-stream';

/** A flow on this page: as it is now, moved on by the server's stream, and the step to take next. */
export function useFlow<Flow extends AnyFlow, Command extends AnyCommand>(journey: Journey<Flow, Command>, id: string) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const { state } = useLocation();
  const { path, keep } = journey;
  const update = useCallback(
    (flow: Flow) => queryClient.setQueryData<Flow>([path, flow.id], (shown) => (shown && keep ? keep(shown, flow) : flow)),
    [path, keep, queryClient],
  );
  const query = useQuery({
    queryKey: [path, id],
    queryFn: async () => {
      const flow = await journey.read(id);
      const shown = queryClient.getQueryData<Flow>([path, id]);
      return shown && keep ? keep(shown, flow) : flow;
    },
  });
  const open = query.data !== undefined && query.data.expiresAt !== null;

  useStream<Flow>(open ? `/api/${path}/${encodeURIComponent(id)}/events` : undefined, update);

  const refetch = useCallback(() => queryClient.invalidateQueries({ queryKey: [path, id] }), [path, id, queryClient]);

  const step = useMutation({
    mutationFn: (command: Command) => journey.take(id, command),
    onSuccess: async (flow, command) => {
      update(flow);
      // With the end of a flow somebody may be signed in who was not, or no longer.
      if (flow.expiresAt === null) await queryClient.resetQueries({ queryKey: SESSION_KEY });
      const elsewhere = journey.leadsTo?.(flow, command);
      if (elsewhere !== undefined) await navigate(elsewhere, { replace: true });
      // Proof was given: only the new handle goes on, and "back" must not lead to the old one.
      else if (flow.id !== id) await navigate(`/${path}/${flow.id}`, { replace: true, state });
    },
    // A refusal often means that the flow is elsewhere by now, or that the picture changed.
    onError: refetch,
  });

  const { reset } = step;
  const shown = query.data?.step;
  // What was wrong at a step is not wrong any more at the next, whoever took it there.
  useEffect(() => reset(), [shown, reset]);

  return { query, step, refetch };
}
