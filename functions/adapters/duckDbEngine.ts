import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  type CompactionJob,
  type Engine,
  type OpenJob,
  TooMuchError,
  type WrittenJob,
} from '../../shared/compact/engine.js';
import {
  dayNames,
  dropDuplicates,
  identities,
  indexNames,
  landedTable,
  rowCount,
  unreadableCount,
  writeDay,
  writeIndex,
} from './duckDbSql.js';

export interface DuckDbLimits {
  readonly memoryMB: number;
  readonly threads: number;
  /** Bytes of unpacked lines that the objects of one job may have together. One alone may have as many as the disk holds. */
  readonly unpackedBytes: number;
}

/** Compacts with DuckDB, whose files lie in a folder of the job's own below the system's temporary one. */
export function duckDbEngine(limits: DuckDbLimits): Engine {
  return {
    async open(job) {
      const folder = await mkdtemp(join(tmpdir(), 'firesplit-compact-'));
      try {
        const unpacked = await writeLanded(folder, job, limits.unpackedBytes);
        const instance = await DuckDBInstance.create(':memory:', settingsOf(folder, limits));
        const connection = await instance.connect();
        return await openJob({ ...job, unpacked, folder }, connection, async () => {
          connection.closeSync();
          instance.closeSync();
          await rm(folder, { recursive: true, force: true });
        });
      } catch (error) {
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    },
  };
}

function settingsOf(folder: string, { memoryMB, threads }: DuckDbLimits): Record<string, string> {
  return {
    memory_limit: `${memoryMB}MB`,
    threads: String(threads),
    temp_directory: join(folder, 'spilled'),
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
}

/**
 * Unpacked, since DuckDB 1.5.5 leaves out the end of some files of several gzip members (local/query/misread.ts), and since it
 * reads one text with all threads.
 *
 * @returns bytes
 * @throws TooMuchError when they are more than the disk is for
 */
async function writeLanded(folder: string, { objects }: CompactionJob, maxBytes: number): Promise<number> {
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes && objects.length > 1)
        throw new TooMuchError(`${objects.length} objects are more than ${maxBytes >> 20} MiB when they are unpacked`);
      yield chunk;
    }
  };
  for (const name of ['earlier', 'written']) await mkdir(join(folder, name));
  for (const [at, { key, arrived, body }] of objects.entries()) {
    const hour = join(folder, 'landed', `arrived=${arrived}`);
    await mkdir(hour, { recursive: true });
    await pipeline(
      Readable.from([body]),
      key.endsWith('.gz') ? createGunzip() : new PassThrough(),
      counted,
      createWriteStream(join(hour, `${at}.json`)),
    ).catch((error: unknown) => {
      throw error instanceof TooMuchError ? error : new Error(`${key} can't be unpacked: ${error}`);
    });
  }
  return bytes;
}

async function openJob(
  { unpacked, folder, ...job }: CompactionJob & { readonly unpacked: number; readonly folder: string },
  connection: DuckDBConnection,
  close: () => Promise<void>,
): Promise<OpenJob> {
  const texts = async (sql: string) => {
    const reader = await connection.runAndReadAll(sql);
    return reader.getRows().map(([value]) => String(value));
  };
  const count = async (sql: string) => Number((await texts(sql))[0]);
  // Nothing is fetched, and nothing outside of the folder is read or written.
  await connection.run(
    `SET TimeZone = 'UTC'; SET allowed_directories = ['${folder}']; SET enable_external_access = false`,
  );
  await connection.run(landedTable(job, join(folder, 'landed')));
  return {
    indexes: await texts(indexNames),
    unpacked,
    async write(earlier): Promise<WrittenJob> {
      for (const [at, body] of earlier.entries()) await writeFile(join(folder, 'earlier', `${at}.parquet`), body);
      await connection.run(identities(earlier.length > 0 ? join(folder, 'earlier', '*.parquet') : undefined));
      const landed = await count(rowCount);
      await connection.run(dropDuplicates(job.type));
      const rows = await count(rowCount);
      const written = async <Name extends string>(
        names: readonly Name[],
        copy: (name: Name, file: string) => string,
      ) => {
        const files: { readonly name: Name; readonly body: Uint8Array }[] = [];
        for (const name of names) {
          const file = join(folder, 'written', `${name}.parquet`);
          await connection.run(copy(name, file));
          files.push({ name, body: await readFile(file) });
        }
        return files;
      };
      const days = await written(await texts(dayNames), (day, file) => writeDay(job.type, day, file));
      const indexes = await written(await texts(indexNames), writeIndex);
      return {
        days: days.map(({ name, body }) => ({ day: name, body })),
        indexes: indexes.map(({ name, body }) => ({ index: name, body })),
        rows,
        duplicates: landed - rows,
        unreadable: await count(unreadableCount(job.type)),
      };
    },
    close,
  };
}
