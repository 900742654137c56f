import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Application } from '../../domain/password-reset';
import { startReset } from '../api/password-resets';

/** Begins a reset for an address, and leads to its page. */
export function useBeginReset(application: Application) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (email: string) => startReset(email, application),
    onSuccess: async (flow) => {
      queryClient.setQueryData(['password-resets', flow.id], flow);
      await navigate(`/password-resets/${flow.id}`);
    },
  });
}
