import { WorkflowFailedError } from '@temporalio/client';
import type { FlowKind } from '../../db/flows';
import { EncryptionCodec } from '../../security/codec';
import { readable } from './histories';
import { optIns } from './record-opt-ins';
import { recordEvents } from './record-events';
import { recordNumberChecks } from './record-number-checks';
import { recordOnboardings } from './record-onboardings';
import { resets } from './record-resets';
import { signIns } from './record-sign-ins';
import { clearRecordedHistories, recordingKeys, storeHistory, type RecordedJourney } from './recorded-histories';
import { recordOn, type Live, type Recording } from './recording';
import { ResetEngine } from './reset-engine';

/** Whether a secret stands in a text on its own: six digits inside a longer number are another number. */
function holds(text: string, secret: string): boolean {
  return new RegExp(`(?<!\\w)${secret.replaceAll(/\W/g, '\\$&')}(?!\\w)`).test(text);
}

/** @throws Error where a history holds what only a message may hold */
async function refuseSecrets(live: Live, name: string, history: unknown): Promise<void> {
  const text = (await readable(history, new EncryptionCodec(live.engine.keys))).join('\n');
  if ([...live.secrets].some((secret) => holds(text, secret))) throw new Error(`The history "${name}" holds a secret: it is not stored.`);
}

async function record<L extends Live>(journey: FlowKind, live: L, name: string, scenario: (live: L) => Promise<string>): Promise<void> {
  const flowId = await scenario(live);
  // An operator's Cancel makes it fail as cancelled.
  await live.engine.handle(flowId).result().catch((error: unknown) => {
    if (!(error instanceof WorkflowFailedError)) throw error;
  });
  live.world.sms.faults.length = 0;
  live.world.email.faults.length = 0;
  const history = await live.engine.handle(flowId).fetchHistory();
  await refuseSecrets(live, name, history);
  await storeHistory(journey, name, history);
  console.log(`${journey} ${name}: ${history.events?.length ?? 0} events`);
}

function recordAll<L extends Live>(recording: Recording<L>, engine: ResetEngine, scenarios: Recording<L>['immediate']): Promise<void> {
  return recordOn(engine, recording.open, async (live) => {
    for (const [name, scenario] of Object.entries(scenarios)) await record(recording.journey, live, name, scenario);
  });
}

async function recordJourney<L extends Live>(recording: Recording<L>): Promise<void> {
  await clearRecordedHistories(recording.journey);
  await recordAll(recording, await ResetEngine.local(recordingKeys(), recording.journey), recording.immediate);
  await recordAll(recording, await ResetEngine.timeSkipping(recordingKeys(), recording.journey), recording.patient);
}

const journeys: Readonly<Record<RecordedJourney, () => Promise<void>>> = {
  'password-reset': () => recordJourney(resets), 'sign-in': () => recordJourney(signIns), 'sms-subscription': () => recordJourney(optIns), 'connect-onboarding': recordOnboardings,
  // Both are recorded together.
  'continuity-event': recordEvents, broadcast: async () => {}, 'number-check': recordNumberChecks,
};

/** Records every journey with every ending it can have, or those that are named, for `test/replay`. */
async function main(): Promise<void> {
  // A stack would name this machine's folders in what is stored.
  Error.stackTraceLimit = 0;
  const named = process.argv.slice(2);
  for (const [journey, recordOne] of Object.entries(journeys)) if (named.length === 0 || named.includes(journey)) await recordOne();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
