import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { useNavigate } from 'react-router';
import { isEnding } from '../../domain/password-reset';
import { getReset, takeStep } from '../api/client';
import type { ResetCommand, ResetFlow } from '../api/envelope';

const keyOf = (id: string) => ['password-reset', id] as const;

/** A reset on this page: as it is now, moved on by the server's stream, and the step to take next. */
export function useFlow(id: string) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: keyOf(id), queryFn: () => getReset(id) });
  const open = query.data !== undefined && !isEnding(query.data.step);

  useEffect(() => {
    if (!open) return;
    const events = new EventSource(`/api/password-resets/${encodeURIComponent(id)}/events`);
    events.addEventListener('flow', (event: MessageEvent<string>) => queryClient.setQueryData(keyOf(id), JSON.parse(event.data) as ResetFlow));
    return () => events.close();
  }, [id, open, queryClient]);

  const refetch = useCallback(() => queryClient.invalidateQueries({ queryKey: keyOf(id) }), [id, queryClient]);

  const step = useMutation({
    mutationFn: (command: ResetCommand) => takeStep(id, command),
    onSuccess: async (flow) => {
      queryClient.setQueryData(keyOf(flow.id), flow);
      // Proof was given: only the new handle goes on, and "back" must not lead to the old one.
      if (flow.id !== id) await navigate(`/password-resets/${flow.id}`, { replace: true });
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

/** What a step's component is given. */
export interface StepProps {
  readonly flow: ResetFlow;
  /** Sends an action; `busy` and `error` tell how it goes. */
  readonly send: (command: ResetCommand) => void;
  readonly busy: boolean;
  readonly error: unknown;
}
