import { DEFAULT_CONNECT_DOMAIN } from '../../config';
import { demoNames } from '../demo-data';
import { dataFolder, type EmbeddedSecrets, type Ports } from './settings';

function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** What a person needs to know of a running instance: where everything is, and who can be played. */
export function overview(env: NodeJS.ProcessEnv, ports: Ports, { codecPathToken, demoPassword }: EmbeddedSecrets): string {
  const base = `http://127.0.0.1:${ports.PORT}`;
  return [
    '',
    'Postern is running. Ctrl-C stops it; the next start goes on where it was.',
    '',
    ...rows([
      ['Pages', base],
      ['API, browsable', `${base}/api/docs`],
      ['Inbox and phone', `${base}/dev/inbox`],
      ['Temporal Web UI', `http://127.0.0.1:${ports.TEMPORAL_UI_PORT}`],
      ['  its codec endpoint', `${base}/codec/${codecPathToken}`],
      ['Engine (gRPC)', `127.0.0.1:${ports.TEMPORAL_PORT}`],
      ['SMTP', `127.0.0.1:${ports.SMTP_PORT}`],
      ['Data and logs', dataFolder(env)],
    ]),
    '',
    `Demo sign-in names (password of all: ${demoPassword}):`,
    ...rows(demoNames(env.CONNECT_DOMAIN || DEFAULT_CONNECT_DOMAIN)),
    '',
  ].join('\n');
}
