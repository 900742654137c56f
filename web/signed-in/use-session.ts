import { useQuery } from '@tanstack/react-query';
import { SESSION_KEY } from '../api/client';
import { getSession } from '../api/session';

/** Who is signed in with this browser; `data` is null where nobody is. Asked anew when one comes back to the page. */
export function useSession() {
  return useQuery({ queryKey: SESSION_KEY, queryFn: getSession, retry: false, refetchOnWindowFocus: 'always' });
}
