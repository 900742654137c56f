import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { wrong, type CheckProblem } from '../domain/checks';
import { importLimits } from '../domain/imports';

/** A file cannot be read as a whole: nothing of it is taken. */
export class CsvTrouble extends Error {
  constructor(readonly problem: CheckProblem) {
    super(problem.reason);
    this.name = 'CsvTrouble';
  }
}

/** A line that has something, with its number as an editor shows it: of a line that goes over several, the last. */
export interface CsvLine {
  readonly line: number;
  readonly cells: readonly string[];
}

const MOST_HEAD = 64 * 1024;
const MOST_RECORD = 64 * 1024;
const DELIMITERS = [',', ';', '\t'] as const;

/** Text of a file in UTF-8, its line ends made one kind of. @throws CsvTrouble */
async function* textOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  // A carriage return at the end of a chunk: the line feed that belongs to it may follow.
  let held = '';
  const decode = (bytes: Uint8Array | undefined): string => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      throw new CsvTrouble(wrong('not-utf8', 'The file is not in UTF-8, so letters with accents would come out wrong.', 'Save it again as "CSV UTF-8".'));
    }
  };
  for await (const bytes of content) {
    const text = held + decode(bytes);
    held = text.endsWith('\r') ? '\r' : '';
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n');
  }
  yield (held + decode(undefined)).replace(/\r\n?/g, '\n');
}

/** The sign that parts the cells of a file: the one that its first line has most. */
function delimiterOf(head: string): string {
  const first = (head.split('\n').find((line) => line.trim() !== '') ?? '').replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => first.split(delimiter).length;
  return DELIMITERS.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

/** Reads on until the first line is there, and gives it back with everything after. */
async function readHead(text: AsyncGenerator<string>): Promise<{ head: string; all: () => AsyncGenerator<string> }> {
  let head = '';
  for (let next = await text.next(); !next.done; next = await text.next()) {
    head += next.value;
    if (/\S.*\n/.test(head) || head.length > MOST_HEAD) break;
  }
  return {
    head,
    async *all() {
      yield head;
      yield* text;
    },
  };
}

function troubleOf(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = (error as unknown as { lines?: number }).lines;
  if (error.code === 'CSV_MAX_RECORD_SIZE') return new CsvTrouble(wrong('line-too-long', `Line ${line} is longer than any line of a file of users.`, 'Check whether a quotation mark is missing there.'));
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') return new CsvTrouble(wrong('open-quotes', 'A quotation mark that begins a cell is not closed before the file ends.', 'Close it, and write quotation marks within a cell twice.'));
  return new CsvTrouble(wrong('bad-quotes', `Line ${line} has a quotation mark that does not belong there.`, 'Put quotation marks around the whole cell, and write those within twice.'));
}

/**
 * Reads the lines of a file as they arrive; no more of it is in memory than is being looked at. Cells are parted by commas,
 * semicolons or tabs. Lines without anything are passed over.
 * @throws CsvTrouble, or whatever `content` throws
 */
export async function* csvLines(content: AsyncIterable<Uint8Array>): AsyncGenerator<CsvLine> {
  const { head, all } = await readHead(textOf(content));
  const parser = parse({
    delimiter: delimiterOf(head), record_delimiter: '\n', info: true, trim: true,
    relax_column_count: true, skip_empty_lines: true, skip_records_with_empty_values: true, max_record_size: MOST_RECORD,
  });
  const fed = pipeline(Readable.from(all()), parser).catch(() => undefined);
  let lines = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
      // The first line names the columns.
      if (lines++ > importLimits.lines) throw new CsvTrouble(wrong('too-many-lines', `The file has more than ${importLimits.lines.toLocaleString('en')} lines.`, 'Bring your users in by several files, one after the other.'));
      yield { line: info.lines, cells: record };
    }
  } catch (error) {
    throw troubleOf(error);
  } finally {
    parser.destroy();
    await fed;
  }
}
