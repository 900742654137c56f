import type { Knex } from 'knex';
import { importLimits } from '../domain/imports';

/** A file that was uploaded as a whole. */
export interface Upload {
  readonly id: string;
  readonly fileName: string;
  readonly bytes: number;
}

/** A file has more bytes than are taken. */
export class UploadTooLarge extends Error {}

const CHUNK_BYTES = 256 * 1024;

/** Puts pieces of any size together to chunks. */
async function* chunksOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of content) {
    pieces.push(piece);
    bytes += piece.length;
    if (bytes < CHUNK_BYTES) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    bytes = 0;
  }
  if (bytes > 0) yield Buffer.concat(pieces);
}

/**
 * Stores a file as it arrives, a chunk at a time, so that no more of it is in memory. It can be read once it is whole:
 * what broke off is not found.
 * @throws UploadTooLarge, and then nothing of it is kept; or whatever `content` throws
 */
export async function saveUpload(db: Knex, about: { id: string; accountCode: string; fileName: string }, content: AsyncIterable<Uint8Array>, at: number): Promise<Upload> {
  const { id } = about;
  const fileName = about.fileName.slice(0, 200);
  await db('import_uploads').insert({ id, account_code: about.accountCode, file_name: fileName, bytes: null, created_at: at });
  try {
    let bytes = 0;
    let seq = 0;
    for await (const chunk of chunksOf(content)) {
      bytes += chunk.length;
      if (bytes > importLimits.fileBytes) throw new UploadTooLarge(`The file has more than ${importLimits.fileBytes} bytes.`);
      await db('import_upload_chunks').insert({ upload_id: id, seq: seq++, content: chunk });
    }
    await db('import_uploads').where({ id }).update({ bytes });
    return { id, fileName, bytes };
  } catch (error) {
    await db('import_uploads').where({ id }).delete();
    throw error;
  }
}

/** A file of an account; another account's is not found, nor is one that did not arrive as a whole. */
export async function findUpload(db: Knex, accountCode: string, id: string): Promise<Upload | undefined> {
  const row = await db('import_uploads').where({ id, account_code: accountCode }).whereNotNull('bytes').first<{ file_name: string; bytes: number } | undefined>('file_name', 'bytes');
  return row && { id, fileName: row.file_name, bytes: row.bytes };
}

/** Reads a file a chunk at a time. */
export async function* readUpload(db: Knex, id: string): AsyncGenerator<Buffer> {
  for (let seq = 0; ; seq++) {
    const chunk = await db('import_upload_chunks').where({ upload_id: id, seq }).first<{ content: Buffer } | undefined>('content');
    if (!chunk) return;
    yield chunk.content;
  }
}

/** Forgets the files of an account, but for the newest ones. */
export async function dropUploads(db: Knex, accountCode: string, kept = 0): Promise<void> {
  const newest = await db('import_uploads').where({ account_code: accountCode }).orderBy([{ column: 'created_at', order: 'desc' }, { column: 'id' }]).limit(kept).pluck('id');
  await db('import_uploads').where({ account_code: accountCode }).whereNotIn('id', newest).delete();
}
