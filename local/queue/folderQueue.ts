import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '../aws/syncFolder.js';

/** A message with what its file's name says. */
export interface QueuedMessage {
  readonly id: string;
  /** ms since the epoch. */
  readonly sent: number;
  /** How often it was handed out, this time included. */
  readonly receives: number;
  readonly body: string;
}

interface Entry {
  readonly id: string;
  readonly sent: number;
  receives: number;
  /** Not handed out before this, ms since the epoch; undefined while somebody works on it. */
  visibleAt: number | undefined;
}

export interface FolderQueueOptions {
  readonly folder: string;
  /** Where a message goes that was handed out `maxReceives` times without success. */
  readonly deadLetters: string;
  readonly maxReceives: number;
  readonly now: () => number;
}

/** `<sent>-<id>.<receives>.json` */
const fileName = /^(\d+)-([0-9a-f-]{36})\.(\d+)\.json$/;

/** First pause before a message is handed out again; doubled each time up to the longest. */
const redelivery = { first: 1000, longest: 60_000 } as const;

/** A queue that outlives its process: one file for each message, whose name counts how often it was handed out. */
export class FolderQueue {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly options: FolderQueueOptions) {}

  /** Finds the messages of an earlier run; all can be received at once. */
  static async open(options: FolderQueueOptions): Promise<FolderQueue> {
    await mkdir(options.folder, { recursive: true });
    await mkdir(options.deadLetters, { recursive: true });
    const queue = new FolderQueue(options);
    for (const name of (await readdir(options.folder)).sort()) {
      const [, sent, id, receives] = fileName.exec(name) ?? [];
      // Anything else is a message that was being written, never acknowledged.
      if (!id) await unlink(join(options.folder, name));
      else queue.entries.set(id, { id, sent: Number(sent), receives: Number(receives), visibleAt: 0 });
    }
    return queue;
  }

  /** Messages that are not deleted yet. */
  get size(): number {
    return this.entries.size;
  }

  /** The message is on disk when this resolves to its id. */
  async send(body: string): Promise<string> {
    const entry: Entry = { id: randomUUID(), sent: this.options.now(), receives: 0, visibleAt: 0 };
    const path = this.pathOf(entry);
    const file = await open(`${path}.new`, 'wx');
    try {
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(this.options.folder);
    this.entries.set(entry.id, entry);
    for (const listener of this.listeners) listener();
    return entry.id;
  }

  /** Hands out up to `max` messages, oldest first; each must be deleted or given back. */
  async receive(max: number): Promise<QueuedMessage[]> {
    const now = this.options.now();
    const due = [...this.entries.values()].filter(({ visibleAt }) => visibleAt !== undefined && visibleAt <= now);
    const taken = due.slice(0, max);
    // Before anything is awaited, so that no other receive takes them too.
    for (const entry of taken) entry.visibleAt = undefined;
    const messages: QueuedMessage[] = [];
    for (const entry of taken) {
      await this.count(entry);
      messages.push({ ...entry, body: await readFile(this.pathOf(entry), 'utf8') });
    }
    return messages;
  }

  async delete({ id }: QueuedMessage): Promise<void> {
    const entry = this.entries.get(id);
    if (!entry) return;
    await unlink(this.pathOf(entry));
    this.entries.delete(id);
  }

  /** To be received again after a pause that grows with each attempt, or set aside after too many. */
  async giveBack({ id }: QueuedMessage): Promise<'again' | 'dead'> {
    const entry = this.entries.get(id);
    if (!entry) return 'dead';
    if (entry.receives >= this.options.maxReceives) {
      await rename(this.pathOf(entry), this.pathOf(entry, this.options.deadLetters));
      this.entries.delete(id);
      return 'dead';
    }
    const pause = Math.min(redelivery.first * 2 ** (entry.receives - 1), redelivery.longest);
    entry.visibleAt = this.options.now() + pause;
    return 'again';
  }

  /** When the next message can be received, ms since the epoch; undefined when none is waiting. */
  get nextVisible(): number | undefined {
    const times = [...this.entries.values()].flatMap(({ visibleAt }) => visibleAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Calls back for each message sent from now on. */
  onSend(listener: () => void): void {
    this.listeners.add(listener);
  }

  private async count(entry: Entry): Promise<void> {
    const before = this.pathOf(entry);
    entry.receives++;
    await rename(before, this.pathOf(entry));
  }

  private pathOf({ id, sent, receives }: Entry, folder = this.options.folder): string {
    return join(folder, `${sent}-${id}.${receives}.json`);
  }
}
