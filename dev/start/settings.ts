import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { KeyRing } from '../../security/keys';
import { isFree } from '../ports';

const port = (standard: number) => z.coerce.number({ error: 'must be a port number' }).int().min(1).max(65_535).default(standard);
const portsSchema = z.object({ PORT: port(3000), TEMPORAL_PORT: port(7233), TEMPORAL_UI_PORT: port(8233), SMTP_PORT: port(1025) });

/** What an embedded instance is set up with. */
export type Ports = Readonly<z.infer<typeof portsSchema>>;

/** The secrets of an embedded instance, made at its first start and kept in its data folder. */
export interface EmbeddedSecrets {
  readonly accountSid: string;
  readonly authToken: string;
  readonly codecPathToken: string;
  readonly demoPassword: string;
  /** As POSTERN_KEYS names them; their ids say that they are for development. */
  readonly keys: string;
}

const secretsSchema = z.object({ accountSid: z.string(), authToken: z.string(), codecPathToken: z.string(), demoPassword: z.string() });

/** The data folder of the embedded mode, as an absolute path. */
export function dataFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.DATA_DIR || 'data');
}

/** @throws Error that names every variable that is no port, or is another's port */
export function readPorts(env: NodeJS.ProcessEnv): Ports {
  const given = Object.fromEntries(Object.keys(portsSchema.shape).flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
  const parsed = portsSchema.safeParse(given);
  if (!parsed.success) throw new Error(`${[...new Set(parsed.error.issues.map((issue) => issue.path.join('.')))].join(', ')}: must be a port number from 1 to 65535.`);
  const entries = Object.entries(parsed.data);
  const twice = entries.find(([, value], index) => entries.slice(0, index).some(([, other]) => other === value));
  if (twice) throw new Error(`Port ${twice[1]} is set twice: give ${twice[0]} another one.`);
  return parsed.data;
}

/** @throws Error that names the variable to change when a port is taken */
export async function checkPortsFree(ports: Ports): Promise<void> {
  for (const [name, value] of Object.entries(ports)) {
    if (!(await isFree(value))) throw new Error(`Port ${value} is taken: stop what uses it, or set ${name} to another port.`);
  }
}

function writePrivate(file: string, content: string): void {
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, 0o600);
}

function damaged(file: string): Error {
  return new Error(`${file} is damaged: restore it, or delete the whole folder to begin anew.`);
}

/**
 * Reads the instance's secrets, or makes them at its first start.
 * @throws Error with one sentence when what is there cannot be read
 */
export function embeddedSecrets(folder: string): EmbeddedSecrets {
  return { ...readSecrets(join(folder, 'embedded.json')), keys: readKeys(join(folder, 'keys')) };
}

function readSecrets(file: string): z.infer<typeof secretsSchema> {
  if (existsSync(file)) {
    try {
      return secretsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      throw damaged(file);
    }
  }
  const secrets = {
    accountSid: `AC${randomBytes(16).toString('hex')}`,
    authToken: randomBytes(16).toString('hex'),
    codecPathToken: randomBytes(24).toString('base64url'),
    demoPassword: randomBytes(12).toString('base64url'),
  };
  writePrivate(file, `${JSON.stringify(secrets, null, 2)}\n`);
  return secrets;
}

function readKeys(file: string): string {
  if (!existsSync(file)) writePrivate(file, `dev-${randomBytes(4).toString('hex')}:${randomBytes(32).toString('base64')}\n`);
  const keys = readFileSync(file, 'utf8').trim();
  try {
    KeyRing.parse(keys);
  } catch {
    throw damaged(file);
  }
  return keys;
}
