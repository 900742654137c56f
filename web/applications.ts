import type { Application } from '../domain/password-reset';

/** What a portal is called and the words of its logon. */
export interface ApplicationWords {
  readonly id: Application;
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  readonly addressLabel: string;
  /** The link on the logon that begins a reset; without one, "Next" leads to it. */
  readonly forgotLabel: string | null;
  readonly resetLabel: string;
}

const shared = { addressLabel: 'E-mail Address', forgotLabel: 'Forgot Your Password?', resetLabel: 'Reset Password' } as const;

/** The portals, in the order they are listed. A further one is a further row. */
export const applications: Readonly<Record<Application, ApplicationWords>> = {
  'personal-portal': {
    id: 'personal-portal', path: '/', title: 'Personal Portal', lead: 'Your own view of the mail that is held, delivered and archived for you.',
    addressLabel: 'Primary E-mail Address', forgotLabel: null, resetLabel: 'Reset Cloud Password',
  },
  'secure-messaging': {
    ...shared, id: 'secure-messaging', path: '/secure-messaging', title: 'Secure Messaging Portal', lead: 'Read and answer the secure messages that were sent to you.', addressLabel: 'Logon',
  },
  'partner-portal': {
    ...shared, id: 'partner-portal', path: '/partner', title: 'Partner Portal', lead: 'For managed service providers and partners.', forgotLabel: 'Trouble Logging In',
  },
  connect: { ...shared, id: 'connect', path: '/connect', title: 'Connect', lead: 'Get your organisation on board, task by task.' },
  'administration-console': { ...shared, id: 'administration-console', path: '/console', title: 'Administration Console', lead: 'For the administrators of an account.' },
};

const KEY = 'postern.application';

/** Remembers for this tab where a reset began, so that its ending can lead back there. */
export function rememberApplication(id: Application): void {
  sessionStorage.setItem(KEY, id);
}

/** Where this tab's reset began; the Personal Portal where nobody knows, as on a second device. */
export function rememberedApplication(): ApplicationWords {
  const known = sessionStorage.getItem(KEY);
  return Object.values(applications).find(({ id }) => id === known) ?? applications['personal-portal'];
}
