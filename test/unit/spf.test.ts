import { parseSpf } from '../../activities/checks/spf';

test('a record is read in its terms', () => {
  expect(parseSpf('v=spf1 +mx a:mail.example/24//64 ip4:198.51.100.0/24 ip6:2001:db8::/32 ~include:_spf.example. exists:%{i}._spf.%{d2} ptr -ALL')).toEqual({
    ok: true,
    record: {
      mechanisms: [
        { qualifier: '+', name: 'mx', value: '' },
        { qualifier: '+', name: 'a', value: 'mail.example' },
        { qualifier: '+', name: 'ip4', value: '198.51.100.0' },
        { qualifier: '+', name: 'ip6', value: '2001:db8::' },
        { qualifier: '~', name: 'include', value: '_spf.example' },
        { qualifier: '+', name: 'exists', value: '%{i}._spf.%{d2}' },
        { qualifier: '+', name: 'ptr', value: '' },
        { qualifier: '-', name: 'all', value: '' },
      ],
      redirect: null,
    },
    ignored: [],
  });
});

test('what stands behind "all" is not looked at, a redirect neither', () => {
  expect(parseSpf('v=spf1 ~all include:late.example redirect=other.example')).toEqual({
    ok: true, record: { mechanisms: [{ qualifier: '~', name: 'all', value: '' }], redirect: null }, ignored: [{ qualifier: '+', name: 'include', value: 'late.example' }],
  });
});

test.each([
  ['v=spf1', null],
  ['V=SPF1  redirect=_spf.example.', '_spf.example'],
  ['v=spf1 a/24 mx//64 exp=why.example redirect=_spf.example unknown=whatever', '_spf.example'],
])('%s can be read', (text, redirect) => {
  expect(parseSpf(text)).toMatchObject({ ok: true, record: { redirect } });
});

test.each([
  ['v=spf1 include -all', 'include'],
  ['v=spf1 include: -all', 'include:'],
  ['v=spf1 include:_spf.example/24', 'include:_spf.example/24'],
  ['v=spf1 ip4:300.1.1.1 -all', 'ip4:300.1.1.1'],
  ['v=spf1 ip4:10.0.0.0/33', 'ip4:10.0.0.0/33'],
  ['v=spf1 ip4:2001:db8::1', 'ip4:2001:db8::1'],
  ['v=spf1 ip6:198.51.100.1', 'ip6:198.51.100.1'],
  ['v=spf1 ip4', 'ip4'],
  ['v=spf1 all:x', 'all:x'],
  ['v=spf1 -all/8', '-all/8'],
  ['v=spf1 ipv4:198.51.100.1', 'ipv4:198.51.100.1'],
  ['v=spf1 198.51.100.1', '198.51.100.1'],
  ['v=spf1 mx; -all', 'mx;'],
  ['v=spf1 --all', '--all'],
  ['v=spf1 redirect=', 'redirect='],
  ['v=spf1 redirect=a.example redirect=b.example', 'redirect=b.example'],
  ['v=spf1 exp=a.example exp=a.example', 'exp=a.example'],
  ['v=spf1 include:größe.example', 'include:größe.example'],
])('%s cannot: receivers void it as a whole', (text, term) => {
  expect(parseSpf(text)).toEqual({ ok: false, term });
});
