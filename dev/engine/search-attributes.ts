import type { Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../../temporal.config';

const { INDEXED_VALUE_TYPE_KEYWORD, INDEXED_VALUE_TYPE_INT } = temporal.api.enums.v1.IndexedValueType;

/** Makes the product's search attributes known to the engine. Those that it knows stay: one that was started by an earlier version learns the new ones. */
export async function registerSearchAttributes({ operatorService }: Pick<Connection, 'operatorService'>, namespace = 'default'): Promise<void> {
  const types = Object.values(searchAttributes).map(({ name, type }) => [name, type === SearchAttributeType.INT ? INDEXED_VALUE_TYPE_INT : INDEXED_VALUE_TYPE_KEYWORD] as const);
  await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(types) });
}
