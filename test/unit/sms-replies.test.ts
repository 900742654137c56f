import { readReply } from '../../domain/sms-replies';

test.each(['STOP', 'stop', ' Stop. ', 'STOPALL', 'Unsubscribe', 'CANCEL', 'end', 'QUIT', 'Revoke', 'OPTOUT', 'opt out', 'Opt-Out', '"STOP"', 'Please stop', 'STOP STOP', 'stop texting me!', "Don't text me", 'no more messages please', 'remove me', 'I want to opt out'])('%s ends a subscription', (body) => {
  expect(readReply(body).kind).toBe('stop');
});

test.each([['START', 'start'], ['unstop', 'start'], ['Yes', 'yes'], ['yes!', 'yes'], ['HELP', 'help'], ['info', 'help']] as const)('%s is a %s', (body, kind) => {
  expect(readReply(body)).toMatchObject({ kind, keyword: expect.any(String) });
});

test.each(['', 'Thank you', 'When does the outage end', 'My bus stop', 'Is this the end?', 'yesterday', 'helpful', '👍', 'The mail will not start'])('"%s" asks for nothing', (body) => {
  expect(readReply(body)).toEqual({ kind: 'other', keyword: null });
});
