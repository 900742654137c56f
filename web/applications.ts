import { applicationPaths } from '../domain/applications';
import type { Application, ResetMethod } from '../domain/password-reset';
import { applicationNames } from '../domain/texts';

/** What a portal is called and the words of its logon. */
export interface ApplicationWords {
  readonly id: Application;
  readonly path: string;
  readonly title: string;
  readonly lead: string;
  readonly addressLabel: string;
  /** The link on the logon that begins a reset; without one, the button stands there at once. */
  readonly forgotLabel: string | null;
  readonly resetLabel: string;
  /** What a message by each method brings, as the choice between them says it. */
  readonly methods: Readonly<Record<ResetMethod, string>>;
  /** The method that is chosen already, where it is offered; else the first one is. */
  readonly usualMethod: ResetMethod;
}

const shared = {
  addressLabel: 'Email Address', forgotLabel: 'Forgot Your Password?', resetLabel: 'Reset Password', usualMethod: 'sms',
  methods: { sms: 'A verification code is sent to your mobile phone. Message and data rates may apply.', email: 'A one-time link is sent to your email address.' },
} as const;

/** The portals, in the order they are listed. A further one is a further row. */
export const applications: Readonly<Record<Application, ApplicationWords>> = {
  'personal-portal': {
    ...shared, id: 'personal-portal', path: applicationPaths['personal-portal'], title: applicationNames['personal-portal'], lead: 'Your own view of the mail that is held, delivered and archived for you.',
    addressLabel: 'Primary Email Address', forgotLabel: null, resetLabel: 'Reset Cloud Password',
  },
  'secure-messaging': {
    ...shared, id: 'secure-messaging', path: applicationPaths['secure-messaging'], title: applicationNames['secure-messaging'], lead: 'Read and answer the secure messages that were sent to you.',
    addressLabel: 'Logon', usualMethod: 'email', methods: { ...shared.methods, email: 'A temporary password is sent to your email address.' },
  },
  'partner-portal': {
    ...shared, id: 'partner-portal', path: applicationPaths['partner-portal'], title: applicationNames['partner-portal'], lead: 'For managed service providers and partners.', forgotLabel: 'Trouble Logging In',
  },
  connect: { ...shared, id: 'connect', path: applicationPaths.connect, title: applicationNames.connect, lead: 'Get your organisation on board, task by task.' },
  'administration-console': { ...shared, id: 'administration-console', path: applicationPaths['administration-console'], title: applicationNames['administration-console'], lead: 'For the administrators of an account.' },
};

const KEY = 'postern.application';

/** Remembers for this tab which portal it is at, so that help and endings can lead back there. */
export function rememberApplication(id: Application): void {
  sessionStorage.setItem(KEY, id);
}

/** The portal that this tab was last at; the Personal Portal where it was at none. */
export function rememberedApplication(): ApplicationWords {
  const known = sessionStorage.getItem(KEY);
  return Object.values(applications).find(({ id }) => id === known) ?? applications['personal-portal'];
}

/** The portal that a reset belongs to, also on a device where it did not begin. */
export function applicationOf(flow: { readonly details: { readonly application?: Application } } | undefined): ApplicationWords {
  const known = flow?.details.application;
  return known ? applications[known] : rememberedApplication();
}
