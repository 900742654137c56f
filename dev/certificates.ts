import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Progress } from './progress';
import { onPath, run } from './run';
import { installPackage } from './system-packages';

/** A certificate in PEM form, its key, and the files they are in. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  readonly certificateFile: string;
  readonly keyFile: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/**
 * The program that certificates are made with.
 * @throws Error with one sentence that says what to install
 */
export async function ensureOpenssl({ onProgress }: { onProgress: Progress }): Promise<string> {
  const found = await onPath('openssl');
  if (found) return found;
  await installPackage('openssl', 'OpenSSL', onProgress);
  const installed = await onPath('openssl');
  if (!installed) throw new Error('openssl was installed and is not on PATH.');
  return installed;
}

async function read(folder: string, name: string): Promise<Certificate> {
  const [certificateFile, keyFile] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  return { certificateFile, keyFile, certificate: await readFile(certificateFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
}

/** Makes an authority of its own in a folder: certificates of development are trusted by nobody who is not given it. */
export async function makeAuthority(folder: string): Promise<Certificate> {
  await run('openssl', ['req', '-x509', ...NEW_KEY, '-keyout', 'authority.key', '-out', 'authority.crt', '-days', '30', '-subj', '/CN=Development authority'], { cwd: folder });
  return read(folder, 'authority');
}

/**
 * Issues a certificate by the folder's authority.
 * @param names - as a certificate writes them, such as `IP:127.0.0.1` or `DNS:mail.example`
 * @param days - how long it is valid; below zero it has expired
 */
export async function issueCertificate(folder: string, name: string, names: readonly string[], days = 30): Promise<Certificate> {
  const extension = ['-addext', `subjectAltName=${names.join(',')}`];
  await run('openssl', ['req', '-new', ...NEW_KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`, ...extension], { cwd: folder });
  const issuer = ['-CA', 'authority.crt', '-CAkey', 'authority.key', '-CAcreateserial'];
  await run('openssl', ['x509', '-req', '-in', `${name}.csr`, ...issuer, '-days', String(days), '-copy_extensions', 'copyall', '-out', `${name}.crt`], { cwd: folder });
  return read(folder, name);
}
