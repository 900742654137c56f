import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { isEventSettled } from '../../../domain/continuity/events';
import { serverNow } from '../../api/client';
import { getEvent, type ContinuityEvent } from '../../api/continuity';
import { useStream } from '../../flow/use-stream';
import { sampleOf, withSample, type Sample } from './rate';

/** An event on this page, moved on by the server's stream for as long as anything of it changes by itself. */
export function useEvent(id: string) {
  const queryClient = useQueryClient();
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const query = useQuery({ queryKey: ['continuity-event', id], queryFn: () => getEvent(id) });
  const update = useCallback((event: ContinuityEvent) => {
    queryClient.setQueryData(['continuity-event', id], event);
    setSamples((kept) => withSample(kept, sampleOf(event.details.phases, serverNow())));
  }, [id, queryClient]);
  const { data: event } = query;
  const moves = event !== undefined && !isEventSettled(event.step, Object.values(event.details.phases));
  useStream<ContinuityEvent>(moves ? `/api/continuity-events/${encodeURIComponent(id)}/events` : undefined, update);
  const refetch = useCallback(() => queryClient.invalidateQueries({ queryKey: ['continuity-event', id] }), [id, queryClient]);
  return { event, error: query.error, update, refetch, samples };
}
