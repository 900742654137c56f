import type { BlockedBy } from '../../domain/onboarding/tasks';

/** What an onboarding waits for, in the order the chart has it. */
export const waits: readonly { readonly id: BlockedBy; readonly words: string }[] = [
  { id: 'administrator', words: 'An administrator can go on' },
  { id: 'validation', words: 'Being validated' },
  { id: 'attention', words: 'Needs attention' },
];

/** The same of one account, behind its next task. */
export const waitsInWords: Readonly<Record<BlockedBy, string>> = { administrator: 'an administrator can go on', validation: 'is being validated', attention: 'something needs attention' };
