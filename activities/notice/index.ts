import { NOTICE_ROUND } from '../../db/notices';
import { beating } from '../beating';
import { deliverAll } from '../deliver';
import type { ActivityDependencies } from '../dependencies';

/** What is told without a journey: to a person, or to a number that sent a text. */
const PURPOSES = ['reset-by-administrator', 'sms-answer', 'continuity-halted', 'continuity-test'];

/** Notices that belong to no journey. */
export function createNoticeActivities(deps: ActivityDependencies) {
  return {
    async sendNotice({ noticeId }: { noticeId: string }): Promise<void> {
      await beating(() => deliverAll(deps, noticeId, PURPOSES, NOTICE_ROUND));
    },
  };
}

export type NoticeActivities = ReturnType<typeof createNoticeActivities>;
