import type { NoticeActivities } from '../../activities/notice';
import { ignoreUndelivered, notifying } from '../proxies';
import type { NoticeInput } from './messages';

/** Sends a notice that belongs to no journey: an administrator acted, and the person is told. */
export async function notice({ noticeId }: NoticeInput): Promise<void> {
  await notifying<NoticeActivities>('Tell every verified address').sendNotice({ noticeId }).catch(ignoreUndelivered);
}
