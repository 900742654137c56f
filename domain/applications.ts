import type { Application } from './password-reset';
import type { Role } from './sign-in';

/** Who opens what, the first one first: page, API and the Application Switcher ask here. */
const opens: Readonly<Record<Role, readonly [Application, ...Application[]]>> = {
  user: ['personal-portal', 'secure-messaging'],
  administrator: ['personal-portal', 'secure-messaging', 'connect', 'administration-console'],
  partner: ['personal-portal', 'secure-messaging', 'partner-portal'],
  recipient: ['secure-messaging'],
  operator: ['personal-portal', 'secure-messaging', 'partner-portal', 'connect', 'administration-console'],
};

/** Where each application is, below the address of all pages. */
export const applicationPaths: Readonly<Record<Application, string>> = {
  connect: '/connect', 'personal-portal': '/', 'secure-messaging': '/secure-messaging', 'partner-portal': '/partner', 'administration-console': '/console',
};

/** The applications that somebody of a role may open, in the order they are listed. */
export function openTo(role: Role): readonly Application[] {
  return opens[role];
}

export function mayOpen(role: Role, application: Application): boolean {
  return opens[role].includes(application);
}

/** Where somebody who proved who they are arrives: where they wanted to, if their role opens it. */
export function arrivesAt(role: Role, application: Application): Application {
  return mayOpen(role, application) ? application : opens[role][0];
}

/** Where an account is kept: these ask for the second step that somebody has, also where the profile asks nobody for one. */
export function isGuarded(application: Application): boolean {
  return application === 'connect' || application === 'administration-console';
}
