import type { Connection } from '@temporalio/client';
import { indexedTypes } from '../../worker/search-attributes';

/** Makes the product's search attributes known to the engine. Those that it knows stay: one that was started by an earlier version learns the new ones. */
export async function registerSearchAttributes({ operatorService }: Pick<Connection, 'operatorService'>, namespace = 'default'): Promise<void> {
  await operatorService.addSearchAttributes({ namespace, searchAttributes: indexedTypes });
}
