import type { DirectoryConfig } from '../directory';
import type { TaskForm } from './forms';

/** The form of users that come from a directory. */
export type DirectoryForm = Extract<TaskForm<'users'>, { source: 'directory' }>;

/** How a directory is asked, as it was entered. */
export function directoryConfigOf({ source: _source, certificateAuthority, ...entered }: DirectoryForm, bindPassword: string): DirectoryConfig {
  return { ...entered, bindPassword, certificateAuthority: certificateAuthority || null };
}
