import { NOTICE_ROUND } from '../../db/notices';
import { beating } from '../beating';
import { deliverAll } from '../deliver';
import type { ActivityDependencies } from '../dependencies';

/** Notices that belong to no journey. */
export function createNoticeActivities(deps: ActivityDependencies) {
  return {
    async sendNotice({ noticeId }: { noticeId: string }): Promise<void> {
      await beating(() => deliverAll(deps, noticeId, ['reset-by-administrator'], NOTICE_ROUND));
    },
  };
}

export type NoticeActivities = ReturnType<typeof createNoticeActivities>;
