import { wrong, type CheckOutcome } from '../domain/checks';
import type { DirectoryConfig } from '../domain/directory';
import { parseMobileNumber } from '../domain/phone';
import type { DirectoryClient } from '../directory/ldap';
import { DirectoryTrouble } from '../directory/trouble';
import { ImportReading, type ImportDependencies, type ImportReport, type ImportRequest } from './staging';

/** What was read of a directory. Its `line` counts the people in the order they were read. */
export interface DirectoryReport extends ImportReport {
  /** Entries without an address, and accounts that are disabled: they are nobody's. */
  readonly withoutAddress: number;
  readonly disabled: number;
  /** People who are taken without their number, as it is none that texts can be sent to. */
  readonly withoutNumber: number;
}

interface Dependencies extends ImportDependencies {
  readonly directory: Pick<DirectoryClient, 'listUsers'>;
}

/**
 * Reads the people of a directory into staging: a dry run, with the same judgement and the same counts as a file. Unlike
 * with a file somebody who cannot be taken is left out: a directory has people who are none of the account's users.
 * @throws what the database throws; ImportSuperseded where a later attempt reads the same import
 */
export async function checkDirectorySync(deps: Dependencies, request: ImportRequest, config: DirectoryConfig): Promise<CheckOutcome<DirectoryReport>> {
  const reading = await ImportReading.begin(deps, request, 'directory');
  let line = 0;
  let withoutNumber = 0;
  try {
    const { withoutAddress, disabled } = await deps.directory.listUsers(config, async (people) => {
      for (const { email, name, mobile } of people) {
        const usable = mobile !== null && parseMobileNumber(mobile).ok;
        if (mobile !== null && !usable) withoutNumber += 1;
        await reading.add(++line, { email, name, mobile: usable ? mobile : '', attributes: {} });
      }
    });
    const facts = { ...(await reading.finish({ strict: false })), withoutAddress, disabled, withoutNumber };
    if (facts.read > facts.problems) return { result: 'ok', facts };
    const [first] = facts.toldProblems;
    const reason = first ? `The directory has ${facts.read} people, and none of them can be taken. ${first.reason}` : 'The directory has nobody with an address.';
    return { ...wrong('nobody-to-take', reason, 'Check the attributes that hold addresses and names, and that your domains are verified.'), facts };
  } catch (error) {
    if (error instanceof DirectoryTrouble) return error.problem;
    throw error;
  }
}
