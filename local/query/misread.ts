import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, sep } from 'node:path';
import { gzipSync } from 'node:zlib';

/**
 * DuckDB 1.5.5 leaves out the last 32 KiB of a gzip file when the checks of a member (CRC and length, its last 8 bytes) begin
 * exactly there: `CompressedFile::ReadData` tops its buffer up before them, and takes a full buffer at the end of the file
 * for an empty one. No error says so.
 * https://github.com/duckdb/duckdb/blob/main/src/common/compressed_file_system.cpp
 */
const bufferSize = 32_768;
const checksSize = 8;

/** A member that holds nothing: behind a file it changes no line, and moves the place. */
const emptyMember = gzipSync('');

/** Copies of files that DuckDB would misread, which it reads whole. */
export class ReadableCopies {
  private root: string | undefined;

  /** The file, or its copy in a folder that ends alike, since partitions are read from the names of folders. */
  of(file: string): string {
    if (!isMisread(file)) return file;
    this.root ??= mkdtempSync(join(tmpdir(), 'firesplit-query-'));
    const copy = join(this.root, ...dirname(file).split(sep).slice(-4), basename(file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(file, copy);
    do appendFileSync(copy, emptyMember);
    while (isMisread(copy));
    return copy;
  }

  /** Where they are, if there are any. */
  get folder(): string | undefined {
    return this.root;
  }

  remove(): void {
    if (this.root) rmSync(this.root, { recursive: true, force: true });
  }
}

/** Whether a gzip member seems to begin behind such checks; a copy that was not needed does no harm. */
function isMisread(file: string): boolean {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < bufferSize) return false;
  const start = Buffer.alloc(3);
  const opened = openSync(file, 'r');
  try {
    readSync(opened, start, 0, start.length, size - bufferSize + checksSize);
  } finally {
    closeSync(opened);
  }
  return start.equals(emptyMember.subarray(0, 3));
}
