import { ApplicationFailure } from '@temporalio/common';
import { decodeOptionalFailureToOptionalError, encodeErrorToFailure, loadDataConverter } from '@temporalio/common/lib/internal-non-workflow';
import { dataConverter, failureConverterPath } from '../../security/data-converter';
import { failureConverter } from '../../security/failure-converter';
import { testKeys } from '../support/keys';

const detail = 'user1@lighthouse.example';
const converter = loadDataConverter(dataConverter(testKeys('new')));
const failure = (): Error => ApplicationFailure.create({
  message: `could not reach ${detail}`, type: 'DeliverLater', nonRetryable: false, details: [detail], cause: new Error(`no route to ${detail}`),
});

test('check 8: messages, stack traces, details and causes of failures reach the engine encoded', async () => {
  const encoded = await encodeErrorToFailure(converter, failure());
  expect(encoded.message).toBe('Encoded failure');
  expect(encoded.stackTrace ?? '').toBe('');
  expect(encoded.encodedAttributes?.data?.length).toBeGreaterThan(0);
  expect(encoded.cause?.message).toBe('Encoded failure');
  const bytes = (_name: string, value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value);
  expect(JSON.stringify(encoded, bytes)).not.toMatch(/lighthouse|could not reach|failure-converter/);
});

test('whoever has the key reads them again; the type stays readable, as code decides by it', async () => {
  const encoded = await encodeErrorToFailure(converter, failure());
  expect(encoded.applicationFailureInfo?.type).toBe('DeliverLater');
  const decoded = await decodeOptionalFailureToOptionalError(converter, encoded);
  expect(decoded?.message).toBe(`could not reach ${detail}`);
  expect((decoded?.cause as Error).message).toBe(`no route to ${detail}`);
});

test('the module is found by the path that workers, clients and the bundler load it by', () => {
  expect(require.resolve(failureConverterPath)).toBe(failureConverterPath);
  expect(converter.failureConverter).toBe(failureConverter);
});
