import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const PINO_WARN = 40;

/** Whether a person at the terminal should see a line: warnings and errors, ours and the SDK's. */
function matters(line: string): boolean {
  try {
    const { level } = JSON.parse(line) as { level?: unknown };
    return typeof level === 'number' && level >= PINO_WARN;
  } catch {
    return /\[(WARN|ERROR)\]/.test(line);
  }
}

/**
 * Keeps what a part prints in the data folder, beside what the start before printed, and shows what matters where `show` is given.
 * @returns what takes the lines
 */
export function logOf(folder: string, name: string, show?: (line: string) => void): (line: string) => void {
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const file = join(folder, 'logs', `${name}.log`);
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // The first start: there is none before.
  }
  return (line) => {
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
    if (show && matters(line)) show(`[${name}] ${line}`);
  };
}
