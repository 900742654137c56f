import type { Knex } from 'knex';
import { planImport, type ImportPlan } from '../db/import-merge';
import { beginImport, type StagedPerson, type Staging } from '../db/imports';
import { importLimits, judgeEntry, type ImportEntry, type ImportProblem, type ImportRules, type ImportSource } from '../domain/imports';

/** What is brought in, for whom, and what may be. */
export interface ImportRequest {
  /** The import's own: a repeat with the same one begins anew. */
  readonly importId: string;
  readonly accountCode: string;
  readonly rules: ImportRules;
  /** How those who are new to the account sign in. */
  readonly authentication: 'cloud' | 'domain';
}

export interface ImportDependencies {
  readonly db: Knex;
  readonly clock: () => number;
  /** Told how many were read so far, now and then: for heartbeats. */
  readonly onProgress?: (read: number) => void;
}

/** What was read, and what taking it over would do. */
export interface ImportReport {
  readonly read: number;
  readonly problems: number;
  /** The first of them by line, at most `importLimits.told`. */
  readonly toldProblems: readonly ImportProblem[];
  readonly plan: ImportPlan;
}

/** Enough that a transaction is worth it, and few enough that they are nothing in memory. */
const BATCH = 250;

/** Judges people and puts them into staging, by the batch. The same for a file and a directory. */
export class ImportReading {
  #read = 0;
  #problems = 0;
  readonly #told: ImportProblem[] = [];
  #batch: StagedPerson[] = [];

  private constructor(private readonly deps: ImportDependencies, private readonly request: ImportRequest, private readonly source: ImportSource, private readonly staging: Staging) {}

  static async begin(deps: ImportDependencies, request: ImportRequest, source: ImportSource): Promise<ImportReading> {
    const { importId: id, accountCode, authentication } = request;
    return new ImportReading(deps, request, source, await beginImport(deps.db, { id, accountCode, source, authentication }, deps.clock()));
  }

  /** Somebody cannot be taken. In a file a line is found by its number, in a directory by its address. */
  #problem(line: number, email: string, reason: string): void {
    this.#problems += 1;
    if (this.#told.length < importLimits.told) this.#told.push({ line, reason: this.source === 'csv' ? reason : `${email}: ${reason}` });
  }

  /** @param entry - somebody, or why a line could not be read */
  async add(line: number, entry: ImportEntry | string): Promise<void> {
    this.#read += 1;
    if (typeof entry === 'string') return this.#problem(line, '', entry);
    const judged = judgeEntry(entry, this.request.rules);
    if ('problems' in judged) return this.#problem(line, entry.email, judged.problems.join(' '));
    this.#batch.push({ line, ...judged.person });
    if (this.#batch.length >= BATCH) await this.#flush();
  }

  async #flush(): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    for (const { email, line, firstLine } of await this.staging.add(batch)) {
      this.#problem(line, email, this.source === 'csv' ? `The address stands on line ${firstLine} as well.` : 'Somebody else in the directory has this address as well.');
    }
    this.deps.onProgress?.(this.#read);
  }

  /** @param strict - whether a single problem keeps all of it from being taken over */
  async finish({ strict }: { strict: boolean }): Promise<ImportReport> {
    await this.#flush();
    await this.staging.finish(!strict || this.#problems === 0);
    const toldProblems = [...this.#told].sort((a, b) => a.line - b.line);
    return { read: this.#read, problems: this.#problems, toldProblems, plan: await planImport(this.deps.db, this.request.importId) };
  }
}
