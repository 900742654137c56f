import type { Draft } from '../../domain/onboarding/forms';
import type { TaskName } from '../../domain/onboarding/tasks';
import { client, taken } from './client';
import type { components } from './schema';

export type Onboarding = components['schemas']['Onboarding'];
export type OnboardingTask = components['schemas']['OnboardingTask'];

/** A step of a task that needs no more than its name. */
export type TaskStep = 'start' | 'check-now' | 'cancel' | 'reopen';

/** How an account comes on board, as it is now. */
export function getOnboarding(account: string): Promise<Onboarding> {
  return taken(client.GET('/api/onboardings/{account}', { params: { path: { account } } }));
}

/** Saves what was entered over the version that was seen; also where its page is closed meanwhile. */
export function saveDraft(account: string, task: TaskName, version: number, draft: Draft): Promise<Onboarding> {
  return taken(client.PUT('/api/onboardings/{account}/tasks/{task}/draft', { params: { path: { account, task } }, body: { version, draft: { ...draft } }, keepalive: true }));
}

export function takeTaskStep(account: string, task: TaskName, step: TaskStep): Promise<Onboarding> {
  const params = { path: { account, task } };
  switch (step) {
    case 'start': return taken(client.POST('/api/onboardings/{account}/tasks/{task}/start', { params }));
    case 'check-now': return taken(client.POST('/api/onboardings/{account}/tasks/{task}/check-now', { params }));
    case 'cancel': return taken(client.POST('/api/onboardings/{account}/tasks/{task}/cancel', { params }));
    case 'reopen': return taken(client.POST('/api/onboardings/{account}/tasks/{task}/reopen', { params }));
  }
}

/** Submits what was saved as this version. */
export function submitTask(account: string, task: TaskName, version: number): Promise<Onboarding> {
  return taken(client.POST('/api/onboardings/{account}/tasks/{task}/submit', { params: { path: { account, task } }, body: { version } }));
}

export type UploadedUsers = components['schemas']['UploadedUsers'];
export type DirectoryTrial = components['schemas']['DirectoryTrial'];

/** Uploads a file of users, as it is. What is wrong with it is answered line by line. */
export function uploadUsers(account: string, file: File): Promise<UploadedUsers> {
  return taken(client.POST('/api/onboardings/{account}/tasks/users/upload', {
    params: { path: { account }, query: { name: file.name } }, body: '', bodySerializer: () => file, headers: { 'Content-Type': 'text/csv' },
  }));
}

/** Tries out the directory that was saved as this version: nobody becomes a user. */
export function tryDirectory(account: string, version: number): Promise<DirectoryTrial> {
  return taken(client.POST('/api/onboardings/{account}/tasks/users/try', { params: { path: { account } }, body: { version } }));
}
