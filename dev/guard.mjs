// Runs a program that knows nothing of us, and ends it when whoever started this process is gone, however it ended.
// Use: node dev/guard.mjs <grace in ms> <program> [arguments], with an IPC channel.
import { spawn } from 'node:child_process';

const [grace, program, ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });

function stop() {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), Number(grace)).unref();
}

for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, stop);
child.once('error', (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
child.once('exit', (code) => process.exit(code ?? 1));
