import { canRetry, channelOf, textPhase } from '../../../domain/continuity/events';
import type { ContinuityEvent, DeliveryState, Phase } from '../../api/continuity';

type Step = ContinuityEvent['step'];

export const stepWords: Readonly<Record<Step, { readonly label: string; readonly color: string }>> = {
  'awaiting-approval': { label: 'Waits for approval', color: 'yellow' }, planned: { label: 'Planned', color: 'harbour' }, active: { label: 'Active', color: 'green' },
  ended: { label: 'Ended', color: 'gray' }, cancelled: { label: 'Cancelled', color: 'gray' },
};

export const kindWords: Readonly<Record<ContinuityEvent['details']['kind'], string>> = { planned: 'Planned event', unplanned: 'Unplanned event' };

export const phaseStateWords: Readonly<Record<Phase['state'], string>> = {
  waiting: 'about to be sent', sending: 'being sent', done: 'sent', superseded: 'ended by the end of the event', stopped: 'stopped', halted: 'halted: the provider refuses the account',
};

export const deliveryWords: Readonly<Record<DeliveryState, string>> = {
  queued: 'Waiting', attempting: 'Being sent', unknown: 'Being looked up', accepted: 'Accepted', sent: 'Sent', delivered: 'Delivered', failed: 'Failed', suppressed: 'Suppressed', superseded: 'Not sent any more',
};

const reasons: Readonly<Record<string, string>> = {
  disabled: 'The user is disabled', 'no-sms-services': 'The account has no SMS Services any more', 'never-asked': 'Has not subscribed', pending: 'Was asked, and has not answered', ended: 'Ended the subscription',
  'opted-out': 'Ended the subscription', 'number-refused': 'The provider refuses the number for good', country: 'Texts do not go to the country of the number', 'number-changed': 'The number was changed: it has to be subscribed anew',
  'address-changed': 'The second address was changed', 'no address': 'The second address is no e-mail address', 'its sender stopped': 'Its sender stopped', 'daily-cap': 'Over the cap of notices in 24 hours', stale: 'The event was over before it could be sent', stopped: 'Stopped by hand', 'stopped by hand': 'Stopped by hand', cancelled: 'The event was cancelled',
  'not found at the provider': 'Not found at the provider', 'found at the provider': 'Found at the provider',
};

/** The provider's codes that people can do something about. */
const codes: Readonly<Record<string, string>> = {
  21211: 'this is no number', 21610: 'opted out at the carrier', 21614: 'not a mobile number', 30003: 'the phone could not be reached', 30004: 'the carrier blocks texts to it', 30005: 'the number is not in use',
  30006: 'a landline, or a carrier that takes no texts', 30007: 'the carrier filtered the text',
};

/** Why something was not sent, or is not going to be. What else a provider says is shown as it is said. */
export function reasonInWords(why: string | null): string {
  if (why === null) return 'No reason was given';
  const code = codes[why.replace('provider ', '')];
  return code === undefined ? (reasons[why] ?? why) : `${code} (${why})`;
}

/** A phase by its name, as people call it. */
export function phaseInWords(phase: string): string {
  const text = textPhase(phase);
  const words = text === 'start' ? 'Start notice' : text === 'end' ? 'End notice' : `Update ${text.replace('update-', '')}`;
  return channelOf(phase) === 'email' ? `${words} by e-mail` : words;
}

/** Whom sending once more is for: all whom a phase has not reached that can be sent once more. */
export function retryInWords({ step, details }: ContinuityEvent): string {
  const phases = Object.values(details.phases).filter(({ state, failed, superseded }) => canRetry(step, state, failed + superseded));
  const sum = (of: (phase: Phase) => number): number => phases.reduce((total, phase) => total + of(phase), 0);
  const failed = sum((phase) => phase.failed);
  const groups = [[failed, 'that failed'], [sum((phase) => phase.superseded), 'that were stopped'], [sum((phase) => phase.queued), 'that wait']] as const;
  const whom = groups.flatMap(([count, which]) => (count > 0 ? [`${counted.format(count)} ${which}`] : []));
  return [failed > 0 ? 'Send again' : 'Go on sending', ...(whom.length > 0 ? [whom.join(' and ')] : [])].join(' to ');
}

const format = (timeZone: string) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone });

/** A time as the clock of the event's time zone shows it. */
export function timeOf(iso: string, timeZone: string): string {
  return `${format(timeZone).format(new Date(iso))} (${timeZone})`;
}

export const counted = new Intl.NumberFormat('en');

export function people(count: number): string {
  return `${counted.format(count)} ${count === 1 ? 'person' : 'people'}`;
}
