import { mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { isGzip } from '../../shared/record/gzip.js';

/** Something in the data folder is not what was left there. The message names it and says what to do. */
class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
}

/**
 * Makes the data folder, or looks whether what is there can be used.
 *
 * @throws DataFolderError
 */
export async function openDataFolder(data: string): Promise<void> {
  for (const folder of ['lambda', 'slack', 'queue', 'journal', 'dynamodb']) {
    await mkdir(join(data, folder), { recursive: true });
  }
  await checkFiles(join(data, 'journal'), /^\d{10}\.journal$/, 'log records that wait for their delivery');
  await checkAlertState(join(data, 'dynamodb'));
}

/** Files of LevelDB: https://github.com/google/leveldb/blob/main/doc/impl.md */
const levelFile = /^(?:CURRENT|LOCK|LOG(?:\.old)?|MANIFEST-\d+|\d+\.(?:log|ldb|sst|dbtmp))$/;

/** dynalite ends the process when it can't open its database, so it is opened here first. */
async function checkAlertState(folder: string): Promise<void> {
  const found = await checkFiles(folder, levelFile, 'the state of alerts');
  const refuse = (reason: string, cause?: unknown): never => {
    throw new DataFolderError(
      `The state of alerts in ${folder} can't be read (${reason}). Restore that folder, or move it away to go on without what was told before.`,
      { cause },
    );
  };
  // LevelDB would begin anew without a word.
  if (found.some((name) => name.startsWith('MANIFEST')) && !found.includes('CURRENT')) refuse('CURRENT is missing');
  const database = new Level(folder);
  try {
    await database.open();
  } catch (error) {
    const { message, cause } = error as { message: string; cause?: { message?: string } };
    refuse(cause?.message ?? message, error);
  } finally {
    await database.close();
  }
}

/** @returns the names of the files. */
async function checkFiles(folder: string, own: RegExp, what: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  for (const name of names) {
    const path = join(folder, name);
    if (await isGzipped(path)) {
      throw new DataFolderError(`${path} is gzipped, and ${folder} holds ${what}: unpack it with "gunzip".`);
    }
    if (!own.test(name)) {
      throw new DataFolderError(`${path} is not a file of firesplit, and ${folder} holds ${what}: move it away.`);
    }
  }
  return names;
}

async function isGzipped(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return isGzip(buffer.subarray(0, bytesRead));
  } catch (error) {
    // A folder, which is none of ours.
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return false;
    throw error;
  } finally {
    await file.close();
  }
}

/** What to tell of a start that failed for what the system refused; other errors say it themselves. */
export function explainedStart(error: unknown, data: string): unknown {
  const { code, syscall, path = data, message } = Object(error) as NodeJS.ErrnoException;
  const because = { cause: error };
  if (syscall === 'listen') return new Error(`${message}: choose other ports, or free ones with 0.`, because);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new DataFolderError(
        `The disk of the data folder ${data} is full: make room, or choose another folder with --data.`,
        because,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new DataFolderError(
        `The data folder ${data} can't be written (${code} at ${path}): make it writable, or choose another with --data.`,
        because,
      );
    case 'ENOTDIR':
    case 'EEXIST':
      return new DataFolderError(
        `${path} is a file where a folder has to be (${code}): move it away, or choose another data folder with --data.`,
        because,
      );
    case 'ENOENT':
      // What mkdir answers for a folder below one that is read-only.
      if (syscall !== 'mkdir' && !path.startsWith(data)) return error;
      return new DataFolderError(
        `${path} can't be made: is the folder above it there and writable? Choose another data folder with --data.`,
        because,
      );
    default:
      return error;
  }
}
