import { isGrpcServiceError, type Connection } from '@temporalio/client';
import { SearchAttributeType } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../temporal.config';

const { INDEXED_VALUE_TYPE_INT, INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;

/** The product's search attributes as the engine names their types. */
export const indexedTypes = Object.fromEntries(
  Object.values(searchAttributes).map(({ name, type }) => [name, type === SearchAttributeType.INT ? INDEXED_VALUE_TYPE_INT : INDEXED_VALUE_TYPE_KEYWORD]),
);

/**
 * Stops a worker whose namespace does not know the product's search attributes: each workflow that sets one would stand still, at its first.
 * An engine that tells nobody which it knows is taken at its word.
 * @throws Error that lists all that are missing, or of another type
 */
export async function requireSearchAttributes({ operatorService }: Pick<Connection, 'operatorService'>, namespace: string): Promise<void> {
  const { customAttributes: known } = await operatorService.listSearchAttributes({ namespace }).catch((error: unknown) => {
    if (!isGrpcServiceError(error)) throw error;
    return { customAttributes: indexedTypes };
  });
  const missing = Object.entries(indexedTypes).filter(([name, type]) => known[name] !== type);
  const wanted = missing.map(([name, type]) => `--name ${name} --type ${type === INDEXED_VALUE_TYPE_INT ? 'Int' : 'Keyword'}`);
  if (wanted.length > 0) throw new Error(`the namespace "${namespace}" lacks search attributes: temporal operator search-attribute create --namespace ${namespace} ${wanted.join(' ')}`);
}
