import { useLocation } from 'react-router';

/** What the logon hands to the pages after it, in this tab's history: no address of a page ever shows it. */
export interface EnteredAddress {
  readonly email: string;
}

/** The address that was entered in this tab. Another device has the sign-in's own address only, which does not tell it. */
export function useEnteredAddress(): string | undefined {
  const state: unknown = useLocation().state;
  return typeof state === 'object' && state !== null && 'email' in state && typeof state.email === 'string' ? state.email : undefined;
}
