import { authenticationChecker } from './authentication-task';
import type { TaskCheckers } from './checker';
import type { TaskDependencies } from './dependencies';
import { detailsChecker } from './details';
import { domainsChecker } from './domains-task';
import { inboundChecker, outboundChecker } from './mail-tasks';
import { reviewChecker } from './review';
import { smsChecker } from './sms';
import { usersChecker } from './users-task';

/** The checks that ask nobody but the database. */
export const databaseCheckers = { details: detailsChecker, sms: smsChecker, review: reviewChecker } as const satisfies Partial<TaskCheckers>;

/** The checks of every task. */
export function createCheckers(deps: TaskDependencies): TaskCheckers {
  return {
    ...databaseCheckers, domains: domainsChecker(deps), users: usersChecker(deps), authentication: authenticationChecker(deps), 'outbound-mail': outboundChecker(deps), 'inbound-mail': inboundChecker(deps),
  };
}
