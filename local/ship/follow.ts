import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter, type Lines } from './logFile.js';

/**
 * The lines of a file, and those that are appended, until the signal is aborted. A file that is cut to nothing, or
 * replaced as log rotation does, is read on from the start of what stands there then.
 *
 * @param read told of bytes as they are read.
 */
export async function* followLines(file: string, signal: AbortSignal, read: (bytes: number) => void): Lines {
  let handle = await open(file);
  let splitter = new LineSplitter(file);
  let position = 0;
  try {
    for (;;) {
      // Before reading: what is appended to a file after it was replaced is read once more below.
      const replaced = await isReplaced(file, handle);
      if ((await handle.stat()).size < position) {
        position = 0;
        splitter = new LineSplitter(file);
      }
      for (let chunk = await readFrom(handle, position); chunk.length > 0; chunk = await readFrom(handle, position)) {
        position += chunk.length;
        read(chunk.length);
        const lines = splitter.take(chunk);
        if (lines.length > 0) yield lines;
      }
      if (replaced || signal.aborted) {
        const rest = splitter.end();
        if (rest.length > 0) yield rest;
        if (signal.aborted) return;
        await handle.close();
        handle = await open(file);
        splitter = new LineSplitter(file);
        position = 0;
      } else await sleep(pollInterval, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    await handle.close();
  }
}

/** Several sources at once, each chunk as it comes. */
export async function* merged(sources: readonly Lines[]): Lines {
  const next = (source: Lines) => source.next().then((result) => ({ source, result }));
  const pending = new Map(sources.map((source) => [source, next(source)]));
  while (pending.size > 0) {
    const { source, result } = await Promise.race(pending.values());
    if (result.done) pending.delete(source);
    else {
      pending.set(source, next(source));
      yield result.value;
    }
  }
}

/** Milliseconds. */
const pollInterval = 200;
const chunkBytes = 64 * 1024;

async function readFrom(handle: FileHandle, position: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
  return buffer.subarray(0, bytesRead);
}

/** Whether another file stands under the name now; one that is gone for a moment is waited for. */
async function isReplaced(file: string, handle: FileHandle): Promise<boolean> {
  const [now, own] = await Promise.all([stat(file).catch(() => undefined), handle.stat()]);
  return now !== undefined && (now.ino !== own.ino || now.dev !== own.dev);
}
