import { AndFilter, Client, EqualityFilter, type Entry } from 'ldapts';
import { wrong, type CheckOutcome, type CheckProblem } from '../domain/checks';
import type { DirectoryConfig, DirectoryPerson, PasswordAnswer } from '../domain/directory';
import type { Targets } from '../security/targets';
import { notTheirs, refusalProblem, signInProblem } from './answers';
import { factsOf, filterOf, listPages, type DirectoryFacts, type ListedPeople } from './reading';
import { openTransport } from './transport';
import { directoryProblem, DirectoryTrouble } from './trouble';

/** What signing in needs of a directory. */
export interface DirectoryAuthenticator {
  /**
   * Whether a password is that of the person with this address. Fails closed: where the directory cannot be asked the
   * answer is `unavailable`, never `right`.
   * @param login - the address that the sign-in began with, and nothing else: with another name that a person may type, one's own password would open somebody else's mailbox
   */
  check(config: DirectoryConfig, login: string, password: string): Promise<PasswordAnswer>;
}

export interface DirectoryClient extends DirectoryAuthenticator {
  /** Connects, signs in with the name that the directory is read with, and reads a few people. Never throws. */
  testConnection(config: DirectoryConfig): Promise<CheckOutcome<DirectoryFacts>>;
  /** Signs a named person in, and says why that fails as far as the directory tells. Never throws. */
  testSignIn(config: DirectoryConfig, login: string, password: string): Promise<CheckOutcome<{ readonly login: string }>>;
  /**
   * Reads everybody, a page at a time; the next page is read once `onPage` is done with the one before.
   * @throws DirectoryTrouble
   */
  listUsers(config: DirectoryConfig, onPage: (people: readonly DirectoryPerson[]) => Promise<void>): Promise<ListedPeople>;
}

export interface DirectoryClientOptions {
  /** For connecting, and again for every answer. */
  readonly timeoutMs: number;
  readonly targets: Targets;
  /** Told why a directory could not be asked: for logs, without names of people. */
  readonly onTrouble?: (problem: CheckProblem) => void;
}

const LONGEST_LOGIN = 254;

/** One address and no control characters: other forms of a name mean other things to a directory. */
const LOGIN = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u;

/** Signs in with the name that the directory is read with. */
async function bindReader(client: Client, { bindDn, bindPassword }: DirectoryConfig): Promise<void> {
  // With a name and no password every directory says yes: to nobody (RFC 4513, section 5.1.2).
  if (bindDn.trim() === '' || bindPassword === '') throw new DirectoryTrouble(wrong('reader-refused', 'The directory is read with a name and a password, and one of them is missing.', 'Enter both.'));
  await client.bind(bindDn, bindPassword).catch((error: unknown) => {
    if (!notTheirs(error)) throw error;
    throw new DirectoryTrouble(wrong('reader-refused', 'The directory refuses the name or the password that it is read with.', 'Check both, and that the password has not expired.'));
  });
}

/** The one entry that has this address, or how many there are. */
async function findEntry(client: Client, config: DirectoryConfig, login: string): Promise<Entry | 'none' | 'several'> {
  const ofPerson = new AndFilter({ filters: [filterOf(config), new EqualityFilter({ attribute: config.attributes.email, value: login })] });
  const { searchEntries } = await client.search(config.baseDn, { scope: 'sub', filter: ofPerson, attributes: ['1.1'], sizeLimit: 2 });
  const [entry] = searchEntries;
  if (!entry) return 'none';
  return searchEntries.length > 1 || entry.dn === '' ? 'several' : entry;
}

/** Null where the password is right. @throws where the directory could not be asked */
async function signIn(client: Client, config: DirectoryConfig, login: string, password: string): Promise<CheckProblem | null> {
  let name = login;
  if (config.signIn !== 'user-principal-name') {
    await bindReader(client, config);
    const entry = await findEntry(client, config, login);
    if (entry === 'none') return signInProblem('unknown');
    if (entry === 'several') return signInProblem('several');
    name = entry.dn;
  }
  try {
    await client.bind(name, password);
    return null;
  } catch (error) {
    if (notTheirs(error)) return refusalProblem(error);
    throw error;
  }
}

function refusedAtOnce(login: string, password: string): CheckProblem | null {
  if (login.length > LONGEST_LOGIN || !LOGIN.test(login)) return signInProblem('unknown');
  return password === '' ? signInProblem('empty') : null;
}

/** A client of accounts' directories over LDAP (RFC 4511): a connection for each call, closed at its end. */
export function createDirectoryClient({ timeoutMs, targets, onTrouble }: DirectoryClientOptions): DirectoryClient {
  async function connected<T>(config: DirectoryConfig, work: (client: Client) => Promise<T>): Promise<T> {
    const transport = await openTransport(config, timeoutMs, targets);
    let given = false;
    // A connection that breaks is not made again: what comes after would be asked as nobody.
    const once = (): typeof transport => {
      if (given) throw new Error('Connection closed before the request was sent.');
      given = true;
      return transport;
    };
    const client = new Client({ url: 'ldap://transport', timeout: timeoutMs, connectTimeout: timeoutMs, createConnection: once, strictDN: false });
    try {
      return await work(client);
    } finally {
      await client.unbind().catch(() => undefined);
      transport.destroy();
    }
  }

  function troubled(error: unknown): CheckProblem {
    const problem = directoryProblem(error);
    onTrouble?.(problem);
    return problem;
  }

  return {
    async check(config, login, password) {
      if (refusedAtOnce(login, password)) return 'wrong';
      try {
        return (await connected(config, (client) => signIn(client, config, login, password))) === null ? 'right' : 'wrong';
      } catch (error) {
        troubled(error);
        return 'unavailable';
      }
    },
    async testConnection(config) {
      try {
        const facts = await connected(config, async (client) => {
          await bindReader(client, config);
          return factsOf(client, config);
        });
        if (facts.people === 0) return wrong('nobody', 'The directory was reached, and nobody was found in it.', 'Check where people are, the filter, and what the name that it is read with may see.');
        if (facts.withEmail === 0) return wrong('no-addresses', `People were found, and none has an address in the attribute "${config.attributes.email}".`, 'Enter the attribute that holds people\'s e-mail addresses.');
        return { result: 'ok', facts };
      } catch (error) {
        return troubled(error);
      }
    },
    async testSignIn(config, login, password) {
      try {
        const problem = refusedAtOnce(login, password) ?? (await connected(config, (client) => signIn(client, config, login, password)));
        return problem ?? { result: 'ok', facts: { login } };
      } catch (error) {
        return troubled(error);
      }
    },
    async listUsers(config, onPage) {
      let ofCaller: { readonly error: unknown } | undefined;
      const guarded: typeof onPage = (people) => onPage(people).catch((error: unknown) => {
        ofCaller = { error };
        throw error;
      });
      try {
        return await connected(config, async (client) => {
          await bindReader(client, config);
          return listPages(client, config, guarded);
        });
      } catch (error) {
        if (ofCaller) throw ofCaller.error;
        throw new DirectoryTrouble(troubled(error));
      }
    },
  };
}
