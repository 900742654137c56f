import { proxyActivities } from '@temporalio/workflow';
import type { BroadcastActivities } from '../../activities/broadcast';
import { NOTICES_QUEUE } from '../../temporal.config';

/** Retried until database and provider are back: what waits on purpose says itself when it comes again. */
const RETRY = { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '60 s' } as const;

/** The audience of 200,000 people is one statement of seconds; quiet hours are waited for between attempts. */
export const beginning = (summary: string) => proxyActivities<BroadcastActivities>({ taskQueue: NOTICES_QUEUE, startToCloseTimeout: '10 m', heartbeatTimeout: '30 s', retry: RETRY, summary });

/** A batch is made to take 20 s; a sender that is held up, or shared with many, makes it longer. A dead worker is seen after 8 s. */
export const sending = (summary: string) => proxyActivities<BroadcastActivities>({ taskQueue: NOTICES_QUEUE, startToCloseTimeout: '15 m', heartbeatTimeout: '8 s', retry: RETRY, summary });

/** Looks at the provider for what is not known, attempt after attempt, for as long as it takes: a provider may be away for hours. */
export const settling = (summary: string) => proxyActivities<BroadcastActivities>({ taskQueue: NOTICES_QUEUE, startToCloseTimeout: '15 m', heartbeatTimeout: '8 s', retry: RETRY, summary });
