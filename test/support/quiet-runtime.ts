import { DefaultLogger, Runtime } from '@temporalio/worker';

// Once per process and before any connection. What a worker says of its own state would drown what tests say.
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: 'OFF' } } });
