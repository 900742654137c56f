import { DefaultFailureConverter } from '@temporalio/common';

/** Messages and stack traces of failures are encoded with the payload codec too; loaded by path, in and outside the sandbox. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
