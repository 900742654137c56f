import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { User } from '../api/users';

/** Something done for a user: the page shows them as they are then, and lists are asked for anew. */
export function useUserChange<Asked>(change: (asked: Asked) => Promise<User>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: async (user) => {
      queryClient.setQueryData(['users', user.id], user);
      await queryClient.invalidateQueries({ predicate: ({ queryKey: [kind, what] }) => kind === 'users' && typeof what === 'object' });
    },
  });
}
