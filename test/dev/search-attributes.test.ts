import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { locateTemporalCli } from '../../dev/engine/locate';
import { startEngine } from '../../dev/engine/server';
import { searchAttributes } from '../../temporal.config';
import { indexedTypes, requireSearchAttributes } from '../../worker/search-attributes';
import { freePorts } from '../support/ports';

const { IndexedValueType } = temporal.api.enums.v1;
const START_MS = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-engine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs `work` while an engine serves that keeps its data in the folder. */
async function onEngine<T>(work: (operator: Connection['operatorService']) => Promise<T>): Promise<T> {
  const [port] = (await freePorts(1)) as [number];
  const engine = await startEngine({ cliPath: await locateTemporalCli({ onProgress: console.log }), port, dbFile: join(folder, 'temporal.sqlite') });
  try {
    const connection = await Connection.connect({ address: engine.address });
    return await work(connection.operatorService).finally(() => connection.close());
  } finally {
    await engine.stop();
  }
}

async function known(operator: Connection['operatorService']): Promise<Record<string, string>> {
  const { customAttributes } = await operator.listSearchAttributes({ namespace: 'default' });
  return Object.fromEntries(Object.entries(customAttributes ?? {}).map(([name, type]) => [name, IndexedValueType[type]!]));
}

test('a worker whose namespace lacks search attributes says which, and how they are registered', async () => {
  await onEngine(async (operatorService) => {
    await requireSearchAttributes({ operatorService }, 'default');
    await operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes: [searchAttributes.failed.name, searchAttributes.step.name] });
    const how = 'search-attribute create --namespace default --name PosternStep --type Keyword --name PosternFailed --type Int';
    await expect(requireSearchAttributes({ operatorService }, 'default')).rejects.toThrow(new RegExp(`lacks search attributes: .*${how}$`));
    // Of another type is as good as none.
    await operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: { ...indexedTypes, [searchAttributes.failed.name]: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD } });
    await expect(requireSearchAttributes({ operatorService }, 'default')).rejects.toThrow(/create --namespace default --name PosternFailed --type Int$/);
    await operatorService.removeSearchAttributes({ namespace: 'default', searchAttributes: [searchAttributes.failed.name] });
  });
}, START_MS);

test('an engine whose data is of an earlier version learns the search attributes that have come since, each of its type', async () => {
  const numbers = [searchAttributes.told, searchAttributes.delivered, searchAttributes.failed].map(({ name }) => name);
  await onEngine(async (operator) => {
    await operator.removeSearchAttributes({ namespace: 'default', searchAttributes: numbers });
    expect(Object.keys(await known(operator))).not.toEqual(expect.arrayContaining(numbers));
  });
  await onEngine(async (operator) => {
    const types = await known(operator);
    expect(Object.keys(types).sort()).toEqual(Object.values(searchAttributes).map(({ name }) => name).sort());
    expect(numbers.map((name) => types[name])).toEqual(['INDEXED_VALUE_TYPE_INT', 'INDEXED_VALUE_TYPE_INT', 'INDEXED_VALUE_TYPE_INT']);
    expect(types[searchAttributes.step.name]).toBe('INDEXED_VALUE_TYPE_KEYWORD');
  });
}, START_MS);
