import { defaultPayloadConverter, toPayloads, type Payload } from '@temporalio/common';
import { EncryptionCodec } from '../../security/codec';
import { testKeys } from '../support/keys';

const text = new TextEncoder();
const input = { email: 'user1@lighthouse.example', numbers: ['+12025550101'] };
const payloads = (): Payload[] => toPayloads(defaultPayloadConverter, input, 'second', undefined) ?? [];
const readable = (encoded: readonly Payload[]): string =>
  encoded.flatMap(({ data, metadata }) => [data, ...Object.values(metadata ?? {})]).map((bytes) => Buffer.from(bytes ?? []).toString('latin1')).join('\n');

test('check 8: an encoded payload holds nothing readable but the key\'s id', async () => {
  const encoded = await new EncryptionCodec(testKeys('new', 'old')).encode(payloads());
  expect(encoded).toHaveLength(3);
  expect(readable(encoded)).not.toMatch(/lighthouse|2025550101|email|second|json/);
  for (const { metadata } of encoded) {
    expect(Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, Buffer.from(value).toString()]))).toEqual({ encoding: 'binary/encrypted', 'encryption-key-id': 'new' });
  }
});

test('decoding gives back data and metadata, in order', async () => {
  const codec = new EncryptionCodec(testKeys('new'));
  const decoded = await codec.decode(await codec.encode(payloads()));
  expect(decoded.map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual([input, 'second', undefined]);
});

test('the same payload is encoded differently each time', async () => {
  const codec = new EncryptionCodec(testKeys('new'));
  const [first] = await codec.encode(payloads());
  const [second] = await codec.encode(payloads());
  expect(Buffer.from(first!.data!)).not.toEqual(Buffer.from(second!.data!));
});

test('what an old key encoded is decoded while that key is live', async () => {
  const encoded = await new EncryptionCodec(testKeys('old')).encode(payloads());
  const decoded = await new EncryptionCodec(testKeys('new', 'old')).decode(encoded);
  expect(defaultPayloadConverter.fromPayload(decoded[0]!)).toEqual(input);
});

test('without its key a payload is not decoded, and the key is named', async () => {
  const encoded = await new EncryptionCodec(testKeys('old')).encode(payloads());
  await expect(new EncryptionCodec(testKeys('new')).decode(encoded)).rejects.toThrow(/"old"/);
});

test('another key under the same id does not decode it', async () => {
  const [payload] = await new EncryptionCodec(testKeys('old')).encode(payloads());
  const renamed = { ...payload, metadata: { ...payload!.metadata, 'encryption-key-id': text.encode('new') } };
  await expect(new EncryptionCodec(testKeys('new')).decode([renamed])).rejects.toThrow();
});

test('a changed payload is refused', async () => {
  const codec = new EncryptionCodec(testKeys('new'));
  const [payload] = await codec.encode(payloads());
  payload!.data![20]! ^= 1;
  await expect(codec.decode([payload!])).rejects.toThrow();
});

test.each([
  ['of the engine', { metadata: { encoding: text.encode('json/plain') }, data: text.encode('"Keyword"') }],
  ['without metadata', { data: text.encode('raw') }],
  ['without data', { metadata: { encoding: text.encode('binary/null') } }],
])('a payload %s that is not encrypted passes unchanged', async (_name, payload) => {
  expect(await new EncryptionCodec(testKeys('new')).decode([payload])).toEqual([payload]);
});
