import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { addDays, dateAt } from '../../domain/onboarding/calendar';
import { onboardingEndings } from '../../domain/onboarding/page';
import { isTaskName, taskNames } from '../../domain/onboarding/tasks';
import { taskTexts } from '../../domain/onboarding/texts';
import { serverNow } from '../api/client';
import type { OnboardingFilter as Filter } from '../api/onboarding-list';
import styles from './console.module.css';
import { waits } from './waits-for';

/** The filter as the page's address has it, so that it survives a reload and can be sent to somebody. */
export type FilterName = 'status' | 'next' | 'waitsFor' | 'within' | 'stalled' | 'account';

const ANY = { value: '', label: 'Any' };
const statuses = ['open', ...onboardingEndings] as const;
const statusNames: Readonly<Record<(typeof statuses)[number], string>> = { open: 'Open', completed: 'Completed', discontinued: 'Discontinued', cancelled: 'Cancelled' };
const days = [1, 7, 14, 30, 90] as const;
const ACCOUNT = /^[A-Z0-9]{1,12}$/;

/** What the address asks for; what it cannot ask for is left out. Days are counted by the clock of this device. */
export function filterOf(params: URLSearchParams): Filter {
  const status = statuses.find((known) => known === params.get('status'));
  const next = params.get('next') ?? '';
  const waitsFor = waits.find(({ id }) => id === params.get('waitsFor'))?.id;
  const within = days.find((count) => String(count) === params.get('within'));
  const account = (params.get('account') ?? '').toUpperCase();
  const today = dateAt(serverNow(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  return {
    ...(status ? { status } : {}), ...(isTaskName(next) ? { next } : {}), ...(waitsFor ? { waitsFor } : {}), ...(within === undefined ? {} : { endsBy: addDays(today, within) }),
    ...(params.get('stalled') === 'true' ? { stalled: 'true' as const } : {}), ...(ACCOUNT.test(account) ? { account } : {}),
  };
}

/** Chooses what of the list is shown. */
export function OnboardingFilter({ params, onChange }: { params: URLSearchParams; onChange: (name: FilterName, value: string) => void }) {
  const chosen = (name: FilterName): string => params.get(name) ?? '';
  const select = (name: FilterName, label: string, data: { value: string; label: string }[]) => (
    <NativeSelect size="sm" label={label} value={chosen(name)} data={data} onChange={(event) => onChange(name, event.currentTarget.value)} />
  );
  return (
    <div role="search" aria-label="Onboardings" className={styles.filter}>
      {select('status', 'Status', statuses.map((status) => ({ value: status === 'open' ? '' : status, label: statusNames[status] })))}
      {select('next', 'Next task', [ANY, ...taskNames.map((task) => ({ value: task, label: taskTexts[task].title }))])}
      {select('waitsFor', 'Waits for', [ANY, ...waits.map(({ id, words }) => ({ value: id, label: words }))])}
      {select('within', 'Days left', [ANY, ...days.map((count) => ({ value: String(count), label: count === 1 ? '1 or less' : `${count} or less` }))])}
      <TextInput size="sm" label="Account code begins with" value={chosen('account')} maxLength={12} autoComplete="off" spellCheck={false} onChange={(event) => onChange('account', event.currentTarget.value)} />
      <Checkbox label="Stalled only" checked={chosen('stalled') === 'true'} onChange={(event) => onChange('stalled', event.currentTarget.checked ? 'true' : '')} />
    </div>
  );
}
