import type { ApiDependencies } from '../dependencies';

/** What is done for users needs of the API. */
export type UserDependencies = Pick<ApiDependencies, 'db' | 'keys' | 'clock' | 'temporal'>;
