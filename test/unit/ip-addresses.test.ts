import { isInNetworks, isIpAddress, isIpNetwork, whyNotPublic } from '../../domain/ip-addresses';

describe('a public address', () => {
  test.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.0.1.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '2606:4700::1111', '2a00:1450:4001::1', '8.8.8.0/24', '2a00:1450::/32'])(
    '%s is one',
    (address) => {
      expect(whyNotPublic(address)).toBeNull();
    },
  );

  test.each([
    ['0.0.0.0', 'the network itself'],
    ['0.1.2.3', 'the network itself'],
    ['10.0.0.0', 'private'],
    ['10.255.255.255', 'private'],
    ['100.64.0.1', 'shared by customers of a provider'],
    ['127.0.0.1', 'the host itself'],
    ['127.255.255.254', 'the host itself'],
    ['169.254.169.254', 'link-local'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.9', 'kept for protocols'],
    ['192.0.2.1', 'kept for documentation'],
    ['192.31.196.1', 'kept for protocols'],
    ['192.52.193.1', 'kept for protocols'],
    ['192.88.99.1', 'kept for protocols'],
    ['192.168.1.1', 'private'],
    ['192.175.48.1', 'kept for protocols'],
    ['198.18.0.1', 'kept for measurements'],
    ['198.19.255.255', 'kept for measurements'],
    ['198.51.100.1', 'kept for documentation'],
    ['203.0.113.255', 'kept for documentation'],
    ['224.0.0.1', 'multicast'],
    ['239.255.255.255', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'reserved'],
    ['::', 'the network itself'],
    ['::1', 'the host itself'],
    ['::ffff:10.0.0.1', 'an IPv4 address in another form'],
    ['::ffff:1.1.1.1', 'an IPv4 address in another form'],
    ['::a00:1', 'not given out to anybody'],
    ['64:ff9b::a00:1', 'an IPv4 address in another form'],
    ['64:ff9b:1::1', 'an IPv4 address in another form'],
    ['100::1', 'thrown away'],
    ['100:0:0:1::1', 'thrown away'],
    ['2001::1', 'kept for protocols'],
    ['2001:1ff:ffff::1', 'kept for protocols'],
    ['2001:db8::1', 'kept for documentation'],
    ['2002:a00:1::1', 'an IPv4 address in another form'],
    ['2620:4f:8000::1', 'kept for protocols'],
    ['3fff::1', 'kept for documentation'],
    ['4000::1', 'not given out to anybody'],
    ['5f00::1', 'kept for protocols'],
    ['fc00::1', 'private'],
    ['fdff::1', 'private'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'not given out to anybody'],
    ['ff02::1', 'multicast'],
    // Blocks: one address is enough, on whichever side the smaller one is.
    ['8.0.0.0/5', 'private'],
    ['10.1.2.0/24', 'private'],
    ['0.0.0.0/0', 'the network itself'],
    ['2000::/3', 'kept for protocols'],
    ['2606::/2', 'the network itself'],
  ])('%s is none: %s', (address, why) => {
    expect(whyNotPublic(address)).toBe(why);
  });
});

describe('an address', () => {
  test.each(['1.2.3.4', '::1', '2606:4700::1111', '::ffff:1.2.3.4'])('%s is one', (text) => expect(isIpAddress(text)).toBe(true));

  test.each(['', '1.2.3', '1', '0x7f.0.0.1', '0177.0.0.1', '2130706433', '1.2.3.4.5', '1.2.3.256', '1.2.3.04', '1.2.3.4/32', 'fe80::1%eth0', ':', 'host.example', '::10.0.0.1', '[::1]', ' 1.2.3.4'])('%j is none', (text) => {
    expect(isIpAddress(text)).toBe(false);
  });

  test('what is none has no place among the public ones or the others', () => {
    expect(() => whyNotPublic('0x7f.1')).toThrow('This is no IP address.');
  });
});

test.each([['10.0.0.0/8', true], ['10.0.0.1', true], ['::/0', true], ['10.0.0.0/33', false], ['::/129', false], ['10.0.0.0/', false], ['10.0.0.0/8/8', false], ['ten', false]])('%s is a block of addresses: %s', (text, is) => {
  expect(isIpNetwork(text)).toBe(is);
});

test.each([
  ['10.1.2.3', ['10.1.0.0/16'], true],
  ['10.2.2.3', ['10.1.0.0/16'], false],
  ['10.2.2.3', ['10.1.0.0/16', '10.2.2.3'], true],
  ['::1', ['127.0.0.0/8', '::1/128'], true],
  ['::ffff:127.0.0.1', ['127.0.0.0/8'], false],
  ['127.0.0.1', [], false],
  ['10.1.0.0/15', ['10.1.0.0/16'], false],
  ['no address', ['0.0.0.0/0'], false],
])('%s in %j: %s', (address, networks, is) => {
  expect(isInNetworks(address, networks)).toBe(is);
});
