import type { KeyRing } from '../../security/keys';
import type { Checks } from './network';

/** What the checks of tasks need; a test passes its own. */
export interface TaskDependencies {
  readonly checks: Checks;
  readonly keys: KeyRing;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** What holding domains end with. */
  readonly connectDomain: string;
}
