import type { ContinuityEventActivities } from '../../activities/continuity-event';
import { rows as rowsOf } from '../proxies';

export const rows = (summary: string) => rowsOf<ContinuityEventActivities>(summary);
