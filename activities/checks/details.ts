import { updateAccount } from '../../db/accounts';
import { updateOnboarding } from '../../db/onboardings';
import type { TaskChecker } from './checker';

/** *Confirming Your Details*: the form says it all. Reminders go by the account's clock from now on, notices where it said. */
export const detailsChecker: TaskChecker<'details'> = {
  atOnce: true,
  check: async () => ({ result: 'ok', facts: {} }),
  complete: async (tx, { account, content }) => {
    await updateAccount(tx, account.code, { name: content.company, notices: JSON.stringify(content.notices) });
    await updateOnboarding(tx, account.code, { time_zone: content.timeZone });
  },
};
