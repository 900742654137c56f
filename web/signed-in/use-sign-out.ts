import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { SESSION_KEY, slugOf } from '../api/client';
import { signOut } from '../api/session';
import { rememberedApplication } from '../applications';

/** Signs out, forgets what was loaded, and leads to the logon. */
export function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => signOut().catch((error: unknown) => {
      // The session had ended before: that is what was asked for.
      if (slugOf(error) !== 'unauthenticated') throw error;
    }),
    onSuccess: async () => {
      await navigate(rememberedApplication().path);
      queryClient.setQueryData(SESSION_KEY, null);
      queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] });
    },
  });
}
