import type { SearchAttributePair } from '@temporalio/common';
import type { Tally } from '../domain/continuity/counts';
import { searchAttributes } from '../temporal.config';

/** Counts of notices as search attributes: of a broadcast, or of all that an event has told. */
export function countAttributes({ told, delivered, failed }: Pick<Tally, 'told' | 'delivered' | 'failed'>): SearchAttributePair[] {
  return [{ key: searchAttributes.told, value: told }, { key: searchAttributes.delivered, value: delivered }, { key: searchAttributes.failed, value: failed }];
}
