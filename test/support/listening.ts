import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTENING = '0A';

/** Linux writes an IPv4 address as a number of the machine's byte order; other addresses are kept as they stand. */
function readable(address: string): string {
  if (address.length !== 8) return address;
  return address.match(/../g)!.map((byte) => parseInt(byte, 16)).reverse().join('.');
}

async function listeningSockets(): Promise<Map<string, string>> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')));
  const lines = tables.flatMap((table) => table.split('\n').slice(1)).map((line) => line.trim().split(/\s+/));
  return new Map(
    lines.filter((fields) => fields[3] === LISTENING).map((fields) => {
      const [address, port] = fields[1]!.split(':');
      return [fields[9]!, `${readable(address!)}:${parseInt(port!, 16)}`];
    }),
  );
}

async function socketsOf(pid: number): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`).catch(() => []);
  const links = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')));
  return links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []);
}

/** Every `address:port` on which one of the processes takes connections, from Linux's own tables. */
export async function listeningOn(pids: readonly number[]): Promise<string[]> {
  const [listening, owned] = await Promise.all([listeningSockets(), Promise.all(pids.map(socketsOf))]);
  return [...new Set(owned.flat())].flatMap((inode) => listening.get(inode) ?? []).sort();
}
