import type { KeyRing } from '../security/keys';
import { open, seal } from '../security/sealing';
import type { TaskRow } from './onboardings';

/** What was entered for a task and is never shown again, by the names of its fields. */
export type TaskSecrets = Readonly<Record<string, string>>;

function context({ account_code, task }: Pick<TaskRow, 'account_code' | 'task'>): string {
  return `onboarding/${account_code}/${task}`;
}

export function openSecrets(keys: KeyRing, row: Pick<TaskRow, 'account_code' | 'task' | 'secrets'>): TaskSecrets {
  return row.secrets === null ? {} : (JSON.parse(open(keys, 'seal', row.secrets, context(row))) as TaskSecrets);
}

/** For the column; null where there is nothing to keep. */
export function sealSecrets(keys: KeyRing, row: Pick<TaskRow, 'account_code' | 'task'>, secrets: TaskSecrets): string | null {
  return Object.keys(secrets).length === 0 ? null : seal(keys, 'seal', JSON.stringify(secrets), context(row));
}
