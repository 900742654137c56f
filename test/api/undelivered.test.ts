import { mobile, person } from '../support/demo';
import { expectStatus } from '../support/http';
import { act, askForSecret, getFlow } from '../support/journey';
import { messagesTo, waitForMessage } from '../support/messages';
import { useInstance } from '../support/use-instance';

const { http } = useInstance();

test('a code that the carrier took and could not deliver is told of by e-mail, and the page shows nothing of it', async () => {
  const faults = { undeliverable: [mobile(1)] };
  expectStatus(await http().send('PUT', '/dev/phone/faults', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(faults) }), 200);
  const { id } = await askForSecret(http(), person(1), 'sms');
  const told = await waitForMessage(http(), person(1));
  expect(told.subject).toMatch(/could not be delivered/);
  expect(await messagesTo(http(), person(1))).toHaveLength(1);
  expect((await getFlow(http(), id)).body.step).toBe('enter-code');
  expect((await act(http(), id, 'cancel')).status).toBe(200);
});
