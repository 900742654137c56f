import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';
import { getSignInAddress } from '../api/sign-ins';

/** What the logon hands to the pages after it, in this tab's history: no address of a page ever shows it. */
export interface EnteredAddress {
  readonly email: string;
}

/** The address that a sign-in was begun with: as this tab remembers it; another device asks for it. */
export function useEnteredAddress(signInId: string): string | undefined {
  const state: unknown = useLocation().state;
  const entered = typeof state === 'object' && state !== null && 'email' in state && typeof state.email === 'string' ? state.email : undefined;
  const { data } = useQuery({ queryKey: ['sign-in-address', signInId], queryFn: () => getSignInAddress(signInId), enabled: entered === undefined, staleTime: Infinity });
  return entered ?? data;
}
