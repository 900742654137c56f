// Lets the SDK download an engine into a folder: starts it once and stops it. A process of its own, because a download
// inside the SDK cannot be cancelled. Use: node dev/engine/sdk-download.mjs local|time-skipping <folder>
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const executable = { type: 'cached-download', downloadDir };
Runtime.install({ logger: new DefaultLogger('ERROR') });
const environment = kind === 'local' ? await TestWorkflowEnvironment.createLocal({ server: { executable } }) : await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
await environment.teardown();
