import { type FileHandle, mkdir, open, readdir, readFile, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../../aws/syncFolder.js';
import type { Placed } from './backlog.js';
import { decodeEntries, type Entry, encodeEntry } from './entry.js';

/** A segment is closed when it has grown to this many bytes. */
const defaultSegmentBytes = 64 * 1024 * 1024;

/**
 * A segment starts with an entry of less than this many bytes, on disk before another follows: more without it is not what
 * a crash leaves.
 */
const maxTornStart = 512;

const segmentName = /^(\d{10})\.journal$/;

/** A segment before the last one can't be read to its end, or the last not even from its start: not a crash's torn tail but damage. */
export class JournalDamagedError extends Error {
  override readonly name = 'JournalDamagedError';
  constructor(path: string, offset: number) {
    super(
      `The journal ${path} is damaged at byte ${offset}; log records behind it may still be waiting. Restore the file, or move it away to go on without them.`,
    );
  }
}

interface Waiting {
  readonly entry: Entry;
  readonly holds: number;
  resolve(segment: number): void;
  reject(error: unknown): void;
}

export interface OpenedJournal {
  readonly journal: Journal;
  /** What was recorded before, oldest first. */
  readonly entries: readonly Placed[];
  /** Bytes of an unfinished entry that a crash left at the end; it was never acknowledged. */
  readonly torn: number;
}

/**
 * An append-only log in a folder. An entry is on disk (fdatasync) when its append resolves; appends that wait at the
 * same time share one write and one sync. A segment file is deleted once nothing in it, or in an older one, is held.
 */
export class Journal {
  private readonly waiting: Waiting[] = [];
  private readonly holds = new Map<number, number>();
  private committing: Promise<void> | undefined;
  private pruning: Promise<void> = Promise.resolve();
  private file: FileHandle | undefined;
  private current = 0;
  /** Bytes of the current segment that are whole entries on disk. */
  private committed = 0;

  private constructor(
    private readonly folder: string,
    private readonly segmentBytes: number,
  ) {}

  /** Sequence number that the next segment is to start with; the stream keeps it. */
  nextSequence: () => number = () => 1;

  /**
   * Reads what is there and cuts a torn tail off.
   *
   * @throws JournalDamagedError when anything but the tail can't be read.
   */
  static async open(folder: string, { segmentBytes = defaultSegmentBytes } = {}): Promise<OpenedJournal> {
    await mkdir(folder, { recursive: true });
    const journal = new Journal(folder, segmentBytes);
    const numbers = (await readdir(folder)).flatMap((name) => segmentName.exec(name)?.[1] ?? []).sort();
    const entries: Placed[] = [];
    let torn = 0;
    for (const [index, digits] of numbers.entries()) {
      const segment = Number(digits);
      const bytes = await readFile(journal.pathOf(segment));
      const decoded = decodeEntries(bytes);
      torn = bytes.length - decoded.length;
      if (torn > 0 && (index < numbers.length - 1 || (decoded.length === 0 && torn > maxTornStart))) {
        throw new JournalDamagedError(journal.pathOf(segment), decoded.length);
      }
      if (torn > 0) await truncate(journal.pathOf(segment), decoded.length);
      for (const entry of decoded.entries) entries.push({ entry, segment });
      journal.holds.set(segment, 0);
      journal.current = segment;
    }
    return { journal, entries, torn };
  }

  /**
   * Writes one entry.
   *
   * @param holds how many of the entry's records or outputs are still to be worked on; each is released later.
   * @returns the segment that now holds the entry.
   */
  append(entry: Entry, holds: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ entry, holds, resolve, reject });
      this.committing ??= this.commit();
    });
  }

  hold(segment: number, count: number): void {
    this.holds.set(segment, (this.holds.get(segment) ?? 0) + count);
  }

  release(segment: number, count = 1): void {
    this.hold(segment, -count);
    if (this.holds.get(segment) === 0) this.prune();
  }

  /** Deletes the segments that nothing needs any more. */
  prune(): void {
    this.pruning = this.pruning.then(async () => {
      // Oldest first and never past one in use: a later segment says what became of an earlier one's records.
      for (const segment of [...this.holds.keys()].sort((a, b) => a - b)) {
        if (this.holds.get(segment) !== 0 || segment === this.current) return;
        this.holds.delete(segment);
        await unlink(this.pathOf(segment)).catch(() => undefined);
      }
    });
  }

  async close(): Promise<void> {
    await this.committing;
    await this.pruning;
    await this.file?.close();
    this.file = undefined;
  }

  private async commit(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0);
      try {
        const file = await this.writable();
        await this.write(
          file,
          group.flatMap(({ entry }) => encodeEntry(entry)),
        );
        for (const each of group) {
          this.hold(this.current, each.holds);
          each.resolve(this.current);
        }
      } catch (error) {
        for (const each of group) each.reject(error);
      }
    }
    this.committing = undefined;
  }

  private async writable(): Promise<FileHandle> {
    if (this.file && this.committed < this.segmentBytes) return this.file;
    await this.file?.close();
    this.file = undefined;
    const segment = this.current + 1;
    const file = await open(this.pathOf(segment), 'w');
    this.committed = 0;
    try {
      await this.write(file, encodeEntry({ kind: 'opened', nextSequence: this.nextSequence() }));
      await syncFolder(this.folder);
    } catch (error) {
      await file.close();
      throw error;
    }
    this.file = file;
    this.current = segment;
    this.holds.set(segment, 0);
    this.prune();
    return file;
  }

  private async write(file: FileHandle, buffers: Buffer[]): Promise<void> {
    const size = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
    try {
      const { bytesWritten } = await file.writev(buffers, this.committed);
      if (bytesWritten < size) throw new Error(`The disk of ${this.folder} is full.`);
      await file.datasync();
    } catch (error) {
      // Half an entry must not stand between whole ones.
      await file.truncate(this.committed);
      throw error;
    }
    this.committed += size;
  }

  private pathOf(segment: number): string {
    return join(this.folder, `${String(segment).padStart(10, '0')}.journal`);
  }
}
