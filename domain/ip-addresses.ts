import ipaddr from 'ipaddr.js';

/**
 * Blocks that are no public host's, by the IANA IPv4 Special-Purpose Address Registry (RFC 6890 and its successors):
 * every block there, globally reachable or not, as those that are serve protocols and not hosts. Beside them multicast
 * (RFC 5771).
 */
const RESERVED_IPV4 = [
  ['0.0.0.0/8', 'the network itself'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared by customers of a provider'],
  ['127.0.0.0/8', 'the host itself'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'kept for protocols'],
  ['192.0.2.0/24', 'kept for documentation'],
  ['192.31.196.0/24', 'kept for protocols'],
  ['192.52.193.0/24', 'kept for protocols'],
  ['192.88.99.0/24', 'kept for protocols'],
  ['192.168.0.0/16', 'private'],
  ['192.175.48.0/24', 'kept for protocols'],
  ['198.18.0.0/15', 'kept for measurements'],
  ['198.51.100.0/24', 'kept for documentation'],
  ['203.0.113.0/24', 'kept for documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
] as const;

/** The same of the IPv6 registry. Outside 2000::/3 nothing is given out to hosts (IANA IPv6 Global Unicast Address Assignments). */
const RESERVED_IPV6 = [
  ['::/128', 'the network itself'],
  ['::1/128', 'the host itself'],
  ['::ffff:0:0/96', 'an IPv4 address in another form'],
  ['64:ff9b::/96', 'an IPv4 address in another form'],
  ['64:ff9b:1::/48', 'an IPv4 address in another form'],
  ['100::/64', 'thrown away'],
  ['100:0:0:1::/64', 'thrown away'],
  ['2001::/23', 'kept for protocols'],
  ['2001:db8::/32', 'kept for documentation'],
  ['2002::/16', 'an IPv4 address in another form'],
  ['2620:4f:8000::/48', 'kept for protocols'],
  ['3fff::/20', 'kept for documentation'],
  ['5f00::/16', 'kept for protocols'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
] as const;

const GIVEN_OUT_IPV6 = '2000::/3';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A block of addresses; of a single one it is as long as the address. */
interface Block {
  readonly address: Address;
  readonly bits: number;
}

const FULL = { ipv4: 32, ipv6: 128 } as const;

/** Dotted decimal or IPv6 notation and nothing else: octal, hexadecimal and shortened forms mean different hosts to different programs. */
function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (text.includes(':') && !text.includes('%') && ipaddr.IPv6.isValid(text)) return ipaddr.IPv6.parse(text);
  return undefined;
}

function parseBlock(text: string): Block | undefined {
  const [, host = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  const address = parseAddress(host);
  if (!address) return undefined;
  const full = FULL[address.kind()];
  const bits = length === undefined ? full : Number(length);
  return bits <= full ? { address, bits } : undefined;
}

/** Whether two blocks have an address in common: they do when the shorter prefix is a prefix of both. */
function overlap(one: Block, other: Block): boolean {
  const bits = Math.min(one.bits, other.bits);
  if (one.address instanceof ipaddr.IPv4) return other.address instanceof ipaddr.IPv4 && one.address.match(other.address, bits);
  return other.address instanceof ipaddr.IPv6 && one.address.match(other.address, bits);
}

const reserved = [...RESERVED_IPV4, ...RESERVED_IPV6].map(([block, why]) => ({ block: parseBlock(block)!, why }));
const givenOut = parseBlock(GIVEN_OUT_IPV6)!;

/** Whether a text is an IP address, as every program reads it. */
export function isIpAddress(text: string): boolean {
  return parseAddress(text) !== undefined;
}

/** Whether a text is an address or a block of addresses, such as `198.51.100.0/24`. */
export function isIpNetwork(text: string): boolean {
  return parseBlock(text) !== undefined;
}

/**
 * Why an address, or one of a block, can be no public host's: as it reads after "is". Null where all of it can.
 * @throws Error where the text is no address
 */
export function whyNotPublic(text: string): string | null {
  const block = parseBlock(text);
  if (!block) throw new Error('This is no IP address.');
  const found = reserved.find((entry) => overlap(entry.block, block));
  if (found) return found.why;
  const inside = block.address.kind() === 'ipv4' || (block.bits >= givenOut.bits && overlap(block, givenOut));
  return inside ? null : 'not given out to anybody';
}

/** Whether an address lies in one of the networks. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const block = parseBlock(address);
  return block !== undefined && networks.some((network) => {
    const outer = parseBlock(network);
    return outer !== undefined && outer.bits <= block.bits && overlap(outer, block);
  });
}
