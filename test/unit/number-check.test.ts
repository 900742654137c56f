import { judgeNumber } from '../../domain/number-check';

test.each([
  ['+12125550100', null, { outcome: 'usable', e164: '+12125550100' }],
  ['+1 (212) 555-0100', null, { outcome: 'usable', e164: '+12125550100' }],
  ['(212) 555-0100', 'US', { outcome: 'proposed', proposal: '+12125550100', reason: 'no-country-code' }],
  ['(212) 555-0100', null, { outcome: 'unusable', reason: 'no-country-code' }],
  ['0012125550100', 'DE', { outcome: 'proposed', proposal: '+12125550100', reason: 'no-country-code' }],
  ['12125550100', null, { outcome: 'proposed', proposal: '+12125550100', reason: 'no-country-code' }],
  ['01512 3456789', 'DE', { outcome: 'proposed', proposal: '+4915123456789', reason: 'no-country-code' }],
  ['+49 (0) 1512 3456789', null, { outcome: 'proposed', proposal: '+4915123456789', reason: 'leading-zero' }],
  ['+1 555', 'US', { outcome: 'unusable', reason: 'impossible' }],
  ['see stationery', 'US', { outcome: 'unusable', reason: 'impossible' }],
  ['+12125550100 ext. 7', 'US', { outcome: 'unusable', reason: 'impossible' }],
  ['+44 20 7946 0018', 'GB', { outcome: 'unusable', reason: 'not-mobile' }],
  ['  ', 'US', { outcome: 'unusable', reason: 'empty' }],
] as const)('%s, with the default country %s', (value, country, judged) => {
  expect(judgeNumber(value, country)).toEqual(judged);
});
