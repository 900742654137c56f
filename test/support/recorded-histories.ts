import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import type { FlowKind } from '../../db/flows';
import { KeyRing } from '../../security/keys';

// The JSON of the message types themselves: the SDK's own conversion fails where npm installs protobufjs more than once.
const { History } = temporal.api.history.v1;
type History = temporal.api.history.v1.IHistory;

/** What is in its folder `earlier` was recorded before a change went behind a patch: it guards runs that began before, and stays when others are recorded anew. */
const root = join(__dirname, '../histories');
/** The journeys whose histories are stored, each in a folder of its own. */
export type RecordedJourney = FlowKind | 'connect-onboarding' | 'continuity-event' | 'broadcast' | 'number-check';
/** The folder of a journey's histories. */
const folderOf = (journey: RecordedJourney): string => join(root, journey);

/** One run of a journey as it is stored: its payloads encrypted. */
export interface RecordedHistory {
  /** The file's name: how it ended, what was taken, and what was special. */
  readonly name: string;
  readonly history: History;
  readonly bytes: number;
}

/** The key that stored histories are encrypted with. It protects nothing: what they hold is made up. */
export function recordingKeys(): KeyRing {
  return KeyRing.parse(readFileSync(join(root, 'recording-key.txt'), 'utf8').trim());
}

function historiesIn(folder: string, more = ''): RecordedHistory[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().map((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const history = History.fromObject(JSON.parse(text) as Record<string, unknown>);
    return { name: `${file.replace(/\.json$/, '')}${more}`, history, bytes: Buffer.byteLength(text) };
  });
}

/** Every stored history of a journey, and those of before a patch. */
export function recordedHistories(journey: RecordedJourney): RecordedHistory[] {
  return [...historiesIn(folderOf(journey)), ...historiesIn(join(root, 'earlier', journey), ', earlier')];
}

/** Removes what is stored: a history that is not recorded any more would stay for ever. */
export async function clearRecordedHistories(journey: RecordedJourney): Promise<void> {
  await rm(folderOf(journey), { recursive: true, force: true });
  await mkdir(folderOf(journey), { recursive: true });
}

/** Stores a history, an event a line. */
export async function storeHistory(journey: RecordedJourney, name: string, history: History): Promise<void> {
  const { events } = History.fromObject(history).toJSON() as { events: unknown[] };
  await writeFile(join(folderOf(journey), `${name}.json`), `{"events":[\n${events.map((event) => JSON.stringify(event)).join(',\n')}\n]}\n`);
}
