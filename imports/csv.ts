import { attributeNames } from '../db/imports';
import { wrong, type CheckOutcome } from '../domain/checks';
import { readHeader, type LineReader } from '../domain/imports';
import { CsvTrouble, csvLines } from './csv-lines';
import { ImportReading, type ImportDependencies, type ImportReport, type ImportRequest } from './staging';

/** Problems that are said in the sentence itself; the page shows more of them. */
const SAID = 3;

async function readerFor(cells: readonly string[], { db }: ImportDependencies, { accountCode, rules }: ImportRequest): Promise<LineReader> {
  const reader = readHeader(cells, rules.mobileAttribute, await attributeNames(db, accountCode));
  if (typeof reader === 'function') return reader;
  throw new CsvTrouble(wrong('bad-header', reader.problem, reader.whatToDo));
}

function badLines(facts: ImportReport): CheckOutcome<ImportReport> {
  const count = facts.problems === 1 ? 'One line' : `${facts.problems.toLocaleString('en')} lines`;
  const first = facts.toldProblems.slice(0, SAID).map(({ line, reason }) => `Line ${line}: ${reason}`).join(' ');
  return { ...wrong('bad-lines', `${count} of the file cannot be taken, so nothing of it was. ${first}`, 'Correct these lines and upload the file again.'), facts };
}

/**
 * Reads users from a file in CSV (RFC 4180): as it arrives, into staging, where nothing is anybody's user yet. One bad line
 * keeps all of it from being taken over, and each is told. `ok` says what taking it over would do: `mergeImport` does so.
 * @param content - the file, for instance by `readUpload`
 * @throws what `content` or the database throws; ImportSuperseded where a later attempt reads the same import
 */
export async function checkCsv(deps: ImportDependencies, request: ImportRequest, content: AsyncIterable<Uint8Array>): Promise<CheckOutcome<ImportReport>> {
  try {
    const reading = await ImportReading.begin(deps, request, 'csv');
    let read: LineReader | undefined;
    for await (const { line, cells } of csvLines(content)) {
      if (read) await reading.add(line, read(cells));
      else read = await readerFor(cells, deps, request);
    }
    const facts = read && (await reading.finish({ strict: true }));
    if (!facts || facts.read === 0) return wrong('empty', 'The file has no users in it.', 'Begin it with a line such as "email,name,mobile", and add a line for each user.');
    return facts.problems > 0 ? badLines(facts) : { result: 'ok', facts };
  } catch (error) {
    if (error instanceof CsvTrouble) return error.problem;
    throw error;
  }
}
