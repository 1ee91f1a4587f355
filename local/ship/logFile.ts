import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { isGzip } from '../../shared/record/gzip.js';

/** Lines as they are read, some at a time. */
export type Lines = AsyncGenerator<readonly string[]>;

/**
 * Tells whether a file can be sent at all, before anything is.
 *
 * @returns its size in bytes.
 * @throws Error that names the file and says what to do when it is not there, a folder, or no text.
 */
export async function checkLogFile(file: string): Promise<number> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(error.code === 'ENOENT' ? `there is no file ${file}` : `${file} can't be read: ${error.message}`);
  });
  if (found.isDirectory())
    throw new Error(`${file} is a folder; name the log files in it, for example ${join(file, '*.log')}`);
  // What is written while it is read, such as a named pipe, is looked at then.
  if (!found.isFile()) return 0;
  const head = await readHead(file);
  refuseBinary(isGzip(head) ? inflatedHead(head) : head, file);
  return found.size;
}

/**
 * The lines of a file, inflated if it is gzipped.
 *
 * @param read told of bytes of the file as they are read.
 */
export function linesOfFile(file: string, read: (bytes: number) => void): Lines {
  return linesOf(createReadStream(file), file, read);
}

/**
 * The lines of a stream of bytes: gzip is inflated, UTF-16 with a byte order mark is read as such.
 *
 * @param name for errors.
 * @throws Error when the stream is no text.
 */
export async function* linesOf(
  input: AsyncIterable<Buffer>,
  name: string,
  read: (bytes: number) => void = () => undefined,
): Lines {
  const splitter = new LineSplitter(name);
  for await (const chunk of inflated(input, name, read)) {
    const lines = splitter.take(chunk);
    if (lines.length > 0) yield lines;
  }
  const rest = splitter.end();
  if (rest.length > 0) yield rest;
}

/** Takes bytes apart into lines, without their breaks. */
export class LineSplitter {
  private decoder: InstanceType<typeof TextDecoder> | undefined;
  private open = '';

  constructor(private readonly name: string) {}

  /** The lines that end in a chunk. */
  take(chunk: Buffer): string[] {
    if (!this.decoder) {
      refuseBinary(chunk, this.name);
      this.decoder = new TextDecoder(encodingOf(chunk));
    }
    return this.split(this.decoder.decode(chunk, { stream: true }));
  }

  /** What stands behind the last line break. */
  end(): string[] {
    const lines = this.split(this.decoder?.decode() ?? '');
    if (this.open !== '') lines.push(this.open.replace(/\r$/, ''));
    this.open = '';
    return lines;
  }

  private split(text: string): string[] {
    const lines = (this.open + text).split('\n');
    this.open = lines.pop() ?? '';
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}

/** The container that a file's lines are said to come from: its name up to the first dot. */
export function serviceOf(file: string): string {
  return basename(file).split('.')[0] || basename(file);
}

async function* inflated(
  input: AsyncIterable<Buffer>,
  name: string,
  read: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const chunks = input[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const all = (async function* () {
    for (let next: IteratorResult<Buffer> = first; !next.done; next = await chunks.next()) {
      read(next.value.length);
      yield next.value;
    }
  })();
  if (!isGzip(first.value)) {
    yield* all;
    return;
  }
  const gunzip = createGunzip();
  const source = Readable.from(all).on('error', (error) => gunzip.destroy(error));
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the gzip data of ${name} is cut or damaged (${reason}); the lines before that may have been sent`);
  }
}

/** Bytes that are looked at to tell what a file is. */
const headBytes = 64 * 1024;

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** As far as the first bytes can be inflated; nothing of what is damaged, which tells so when it is read. */
function inflatedHead(head: Buffer): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return Buffer.alloc(0);
  }
}

const compressions = [
  { name: 'zstd', magic: '28b52ffd', unpack: 'zstd -dc' },
  { name: 'bzip2', magic: '425a68', unpack: 'bzip2 -dc' },
  { name: 'xz', magic: 'fd377a585a00', unpack: 'xz -dc' },
  { name: 'zip', magic: '504b0304', unpack: 'unzip -p' },
] as const;

/** @throws Error when these first bytes are no text. */
function refuseBinary(head: Buffer, name: string): void {
  const packed = compressions.find(({ magic }) => head.subarray(0, magic.length / 2).toString('hex') === magic);
  if (packed) {
    throw new Error(`${name} is compressed with ${packed.name}: ${packed.unpack} ${name} | firesplit send -`);
  }
  if (encodingOf(head) === 'utf-8' && head.subarray(0, headBytes).includes(0)) {
    throw new Error(
      `${name} holds binary data, and only lines of text can be sent; unpack it first if it is an archive`,
    );
  }
}

/** By the byte order mark that PowerShell and others write. */
function encodingOf(head: Buffer): 'utf-8' | 'utf-16le' | 'utf-16be' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : 'utf-8';
}
