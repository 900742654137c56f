import { isIpNetwork } from '../../domain/ip-addresses';
import type { DnsClient, DnsFailure } from './dns';

/** A term of a record (RFC 7208, section 4.6.1). */
export interface SpfMechanism {
  readonly qualifier: '+' | '-' | '~' | '?';
  readonly name: 'all' | 'include' | 'a' | 'mx' | 'ptr' | 'ip4' | 'ip6' | 'exists';
  /** What stands after the colon. */
  readonly value: string;
}

export interface SpfRecord {
  /** In their order, up to the first `all`: what comes after is never looked at (section 5.1). */
  readonly mechanisms: readonly SpfMechanism[];
  /** Where the record goes on; only without an `all` (section 6.1). */
  readonly redirect: string | null;
}

/** How receivers read a domain's record, as far as it is about one include. */
export type SpfReading =
  /** With `overLimit` mail that the include lets through is fine, and other mail is judged by nothing. */
  | { readonly kind: 'included'; readonly lookups: number; readonly overLimit: boolean }
  | { readonly kind: 'missing'; readonly record: string; readonly lookups: number }
  /** The include stands where receivers do not get to it, or where it lets nobody through. */
  | { readonly kind: 'without-effect'; readonly record: string; readonly why: 'after-all' | 'qualifier' | 'lookups' }
  | { readonly kind: 'no-record' }
  | { readonly kind: 'several-records' }
  | { readonly kind: 'syntax'; readonly domain: string; readonly term: string }
  | { readonly kind: 'dead-include'; readonly domain: string; readonly target: string }
  | { readonly kind: 'no-such-domain' }
  | { readonly kind: 'failed'; readonly domain: string; readonly why: DnsFailure };

/** Receivers ask the DNS no more than so many times for one record, and void it then (section 4.6.4). */
export const MOST_LOOKUPS = 10;

const VERSION = /^v=spf1(?: |$)/i;
const MECHANISM = /^([-+~?]?)([a-z0-9]+)(?::([^/\s][^\s]*?))?((?:\/\d{1,3})?(?:\/\/\d{1,3})?)$/i;
const MODIFIER = /^([a-z][\w.-]*)=(\S*)$/i;
const DOMAIN_SPEC = /^[\x21-\x7e]+$/;
const NAMES = ['all', 'include', 'a', 'mx', 'ptr', 'ip4', 'ip6', 'exists'] as const;
const NEEDS_VALUE: readonly string[] = ['include', 'exists', 'ip4', 'ip6'];
const LOOKS_UP: readonly string[] = ['include', 'a', 'mx', 'ptr', 'exists'];

function parseMechanism(term: string): SpfMechanism | undefined {
  const [, sign, written = '', value = '', prefix = ''] = MECHANISM.exec(term) ?? [];
  const name = NAMES.find((known) => known === written.toLowerCase());
  if (!name || (NEEDS_VALUE.includes(name) && value === '')) return undefined;
  if (name === 'all' ? value + prefix !== '' : ['include', 'ptr', 'exists'].includes(name) && prefix !== '') return undefined;
  if ((name === 'ip4' || name === 'ip6') && (!isIpNetwork(value + prefix) || value.includes(':') !== (name === 'ip6'))) return undefined;
  if (value !== '' && !DOMAIN_SPEC.test(value)) return undefined;
  return { qualifier: (sign || '+') as SpfMechanism['qualifier'], name, value: value.replace(/\.$/, '').toLowerCase() };
}

/** Reads a record. What is not understood voids it as a whole, for every receiver (section 4.6). */
export function parseSpf(text: string): { readonly ok: true; readonly record: SpfRecord; readonly ignored: readonly SpfMechanism[] } | { readonly ok: false; readonly term: string } {
  const mechanisms: SpfMechanism[] = [];
  const modifiers = new Map<string, string>();
  for (const term of text.trim().split(/ +/).slice(1)) {
    const [, written, value = ''] = MODIFIER.exec(term) ?? [];
    const modifier = written?.toLowerCase();
    const mechanism = modifier === undefined ? parseMechanism(term) : undefined;
    if (mechanism) mechanisms.push(mechanism);
    else if (modifier === undefined) return { ok: false, term };
    // Others may follow in a later version and are passed over (section 6).
    else if (modifier === 'redirect' || modifier === 'exp') {
      if (modifiers.has(modifier) || value === '') return { ok: false, term };
      modifiers.set(modifier, value.replace(/\.$/, '').toLowerCase());
    }
  }
  const redirect = modifiers.get('redirect') ?? null;
  const all = mechanisms.findIndex(({ name }) => name === 'all');
  if (all === -1) return { ok: true, record: { mechanisms, redirect }, ignored: [] };
  return { ok: true, record: { mechanisms: mechanisms.slice(0, all + 1), redirect: null }, ignored: mechanisms.slice(all + 1) };
}

/** What was found on the way through a record and those that it includes. */
interface Walk {
  readonly dns: DnsClient;
  readonly wanted: string;
  lookups: number;
  included: boolean;
  stopped: SpfReading | null;
  passedOver: 'after-all' | 'qualifier' | null;
}

type Fetched = { readonly text: string } | { readonly reading: SpfReading };

async function fetchRecord(dns: DnsClient, domain: string): Promise<Fetched> {
  const answer = await dns.txt(domain);
  if (answer.kind === 'failed') return { reading: { kind: 'failed', domain, why: answer.why } };
  if (answer.kind === 'no-such-name') return { reading: { kind: 'no-such-domain' } };
  const texts = answer.kind === 'found' ? answer.records.filter((text) => VERSION.test(text)) : [];
  if (texts.length > 1) return { reading: { kind: 'several-records' } };
  return texts[0] === undefined ? { reading: { kind: 'no-record' } } : { text: texts[0] };
}

/** Follows a name that stands in a record of `domain`. Names with macros differ from message to message: they count and are not followed. */
async function follow(walk: Walk, domain: string, target: string, passes: boolean): Promise<void> {
  if (target.includes('%')) return;
  const fetched = await fetchRecord(walk.dns, target);
  if ('text' in fetched) await walkRecord(walk, target, fetched.text, passes);
  // The one that is asked for is ours: what is wrong with it is not the domain's to mend.
  else if (target !== walk.wanted) walk.stopped = fetched.reading.kind === 'failed' ? fetched.reading : { kind: 'dead-include', domain, target };
}

async function walkRecord(walk: Walk, domain: string, text: string, passes: boolean): Promise<void> {
  const parsed = parseSpf(text);
  if (!parsed.ok) {
    walk.stopped = { kind: 'syntax', domain, term: parsed.term };
    return;
  }
  const { record, ignored } = parsed;
  const isWanted = ({ name, value }: SpfMechanism): boolean => name === 'include' && value === walk.wanted;
  if (ignored.some(isWanted)) walk.passedOver ??= 'after-all';
  for (const mechanism of record.mechanisms) {
    if (LOOKS_UP.includes(mechanism.name)) walk.lookups += 1;
    if (walk.lookups > MOST_LOOKUPS) return;
    if (mechanism.name !== 'include') continue;
    const through = passes && mechanism.qualifier === '+';
    if (isWanted(mechanism)) {
      if (through) walk.included = true;
      else walk.passedOver ??= 'qualifier';
    }
    await follow(walk, domain, mechanism.value, through);
    if (walk.stopped) return;
  }
  if (record.redirect === null) return;
  walk.lookups += 1;
  if (walk.lookups <= MOST_LOOKUPS) await follow(walk, domain, record.redirect, passes);
}

/** Whether the record of a domain includes `wanted`, read as receivers read it. Never throws. */
export async function readSpf(dns: DnsClient, domain: string, wanted: string): Promise<SpfReading> {
  const fetched = await fetchRecord(dns, domain);
  if ('reading' in fetched) return fetched.reading;
  const walk: Walk = { dns, wanted: wanted.toLowerCase().replace(/\.$/, ''), lookups: 0, included: false, stopped: null, passedOver: null };
  await walkRecord(walk, domain, fetched.text, true);
  const { lookups, included, stopped, passedOver } = walk;
  if (stopped) return stopped;
  const record = fetched.text;
  const overLimit = lookups > MOST_LOOKUPS;
  if (included) return { kind: 'included', lookups, overLimit };
  if (passedOver) return { kind: 'without-effect', record, why: passedOver };
  return overLimit ? { kind: 'without-effect', record, why: 'lookups' } : { kind: 'missing', record, lookups };
}
