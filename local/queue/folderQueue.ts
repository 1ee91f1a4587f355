import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { sqs } from '../../shared/limits.js';
import { syncFolder } from '../aws/syncFolder.js';
import type { MessageContent } from './messageContent.js';
import { defaultAttributes, type QueueAttributes } from './queueAttributes.js';

/** A message with what its file's name says. */
export interface QueuedMessage extends MessageContent {
  readonly id: string;
  /** ms since the epoch. */
  readonly sent: number;
  /** How often it was handed out, this time included. */
  readonly receives: number;
  /** When it was first handed out since the queue was opened, ms since the epoch. */
  readonly firstReceived: number;
  /** Tells this handing out from others of the same message. */
  readonly receipt: string;
}

interface Entry {
  readonly id: string;
  readonly sent: number;
  /** Messages of before there were attributes have their body alone in a file. */
  readonly form: 'json' | 'message';
  receives: number;
  firstReceived: number | undefined;
  /** Of the last handing out; undefined before the first since the queue was opened. */
  receipt: string | undefined;
  /** Not handed out before this, ms since the epoch; undefined while somebody works on it without a limit. */
  visibleAt: number | undefined;
}

export interface FolderQueueOptions {
  readonly folder: string;
  /** Where a message goes that was handed out `maxReceives` times without success. */
  readonly deadLetters?: FolderQueue;
  readonly maxReceives?: number;
  readonly attributes?: QueueAttributes;
  readonly now: () => number;
}

/** What became of a request about a message that was handed out. */
export type Found = 'done' | 'not in flight' | 'gone';

/** `<sent>-<id>.<receives>.message` */
const fileName = /^(\d+)-([0-9a-f-]{36})\.(\d+)\.(json|message)$/;

/** First pause before a message is handed out again; doubled each time up to the longest. */
const redelivery = { first: 1000, longest: 60_000 } as const;

/** A queue that outlives its process: one file for each message, whose name counts how often it was handed out. */
export class FolderQueue {
  /** When it was opened, ms since the epoch. */
  readonly createdAt: number;
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Set<() => void>();

  private constructor(private readonly options: FolderQueueOptions) {
    // To the second, as SQS tells it.
    this.createdAt = Math.floor(options.now() / 1000) * 1000;
  }

  /** Finds the messages of an earlier run; all can be received at once. */
  static async open(options: FolderQueueOptions): Promise<FolderQueue> {
    const { folder } = options;
    await mkdir(folder, { recursive: true });
    const queue = new FolderQueue(options);
    for (const name of (await readdir(folder)).sort()) {
      const [, sent, id, receives, form] = fileName.exec(name) ?? [];
      // Anything else is a message that was being written, never acknowledged.
      if (!id) await unlink(join(folder, name));
      else {
        const counted = { sent: Number(sent), receives: Number(receives), form: form as Entry['form'] };
        queue.entries.set(id, { ...unseen, ...counted, id });
      }
    }
    return queue;
  }

  /** The queue of its dead letters. */
  get deadLetters(): FolderQueue | undefined {
    return this.options.deadLetters;
  }

  get attributes(): QueueAttributes {
    return this.options.attributes ?? defaultAttributes;
  }

  /** How often a message is handed out before it is a dead letter. */
  get maxReceives(): number {
    return this.options.maxReceives ?? Number.POSITIVE_INFINITY;
  }

  /** Messages that are not deleted yet. */
  get size(): number {
    return this.entries.size;
  }

  /** How many can be received now, how many somebody works on, and how many are delayed. */
  get counts(): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const now = this.options.now();
    const hidden = [...this.entries.values()].filter((entry) => !isDue(entry, now));
    const delayed = hidden.filter(({ receives, visibleAt }) => receives === 0 && visibleAt !== undefined).length;
    return { visible: this.size - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  /**
   * The message is on disk when this resolves to its id.
   *
   * @param delay ms until it can be received; after a restart it can be at once.
   */
  async send(content: string | MessageContent, delay = this.attributes.delay): Promise<string> {
    const now = this.options.now();
    const entry: Entry = { ...unseen, id: randomUUID(), sent: now, form: 'message', visibleAt: now + delay };
    const path = this.pathOf(entry);
    const file = await open(`${path}.new`, 'wx');
    try {
      await file.writeFile(JSON.stringify(typeof content === 'string' ? { body: content } : content));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
    await syncFolder(this.options.folder);
    this.entries.set(entry.id, entry);
    this.tell();
    return entry.id;
  }

  /**
   * Hands out up to `max` messages, oldest first; each must be deleted or given back.
   *
   * @param visibility ms after which a message comes back by itself; without it never.
   */
  async receive(max: number, visibility?: number): Promise<QueuedMessage[]> {
    const now = this.options.now();
    const due = [...this.entries.values()].filter((entry) => isDue(entry, now));
    const expired = due.filter(({ sent }) => sent + this.attributes.retention <= now);
    const spent = due.filter((entry) => !expired.includes(entry) && entry.receives >= this.maxReceives);
    const taken = due.filter((entry) => !expired.includes(entry) && !spent.includes(entry)).slice(0, max);
    // Before anything is awaited, so that no other receive takes them too.
    for (const entry of [...expired, ...spent]) entry.visibleAt = undefined;
    for (const entry of taken) {
      entry.visibleAt = visibility === undefined ? undefined : now + visibility;
      entry.receipt = randomUUID();
      entry.firstReceived ??= now;
    }
    for (const entry of expired) await this.remove(entry);
    for (const entry of spent) await this.setAside(entry);
    const messages: QueuedMessage[] = [];
    for (const entry of taken) {
      await this.count(entry);
      const { id, sent, receives, receipt = '', firstReceived = now } = entry;
      messages.push({ ...(await this.read(entry)), id, sent, receives, receipt, firstReceived });
    }
    if (visibility !== undefined && taken.length > 0) this.tell();
    return messages;
  }

  async delete({ id }: Pick<QueuedMessage, 'id'>): Promise<void> {
    const entry = this.entries.get(id);
    if (entry) await this.remove(entry);
  }

  /** To be received again after a pause that grows with each attempt, or set aside after too many. */
  async giveBack({ id }: QueuedMessage): Promise<'again' | 'dead'> {
    const entry = this.entries.get(id);
    if (!entry) return 'dead';
    if (entry.receives >= this.maxReceives) {
      await this.setAside(entry);
      return 'dead';
    }
    const pause = Math.min(redelivery.first * 2 ** (entry.receives - 1), redelivery.longest);
    entry.visibleAt = this.options.now() + pause;
    return 'again';
  }

  /** Deletes a message for whoever it was handed out to last: who had it before has it no more. */
  async deleteReceived(id: string, receipt: string): Promise<void> {
    const entry = this.entries.get(id);
    if (entry && (entry.receipt === undefined || entry.receipt === receipt)) await this.remove(entry);
  }

  /** Hides a message that was handed out for so many ms from now; 0 gives it back. */
  changeVisibility(id: string, receipt: string, visibility: number): Found {
    const entry = this.entries.get(id);
    if (!entry || (entry.receipt !== undefined && entry.receipt !== receipt)) return 'gone';
    const now = this.options.now();
    if (entry.receipt === undefined || isDue(entry, now)) return 'not in flight';
    entry.visibleAt = now + visibility;
    this.tell();
    return 'done';
  }

  /** Deletes all messages, whoever works on them. */
  async purge(): Promise<void> {
    for (const entry of [...this.entries.values()]) await this.remove(entry);
  }

  /** Moves all that nobody works on to another queue, as if they had never been received; resolves to how many. */
  async moveAll(target: FolderQueue): Promise<number> {
    const now = this.options.now();
    const due = [...this.entries.values()].filter((entry) => isDue(entry, now));
    for (const entry of due) entry.visibleAt = undefined;
    for (const entry of due) await this.moveTo(target, entry, 0);
    return due.length;
  }

  /** When the next message can be received, ms since the epoch; undefined when none is waiting. */
  get nextVisible(): number | undefined {
    const times = [...this.entries.values()].flatMap(({ visibleAt }) => visibleAt ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /**
   * Calls back whenever it changes which messages can be received and when.
   *
   * @returns a function that ends this.
   */
  onSend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener();
  }

  private async read(entry: Entry): Promise<MessageContent> {
    const text = await readFile(this.pathOf(entry), 'utf8');
    return entry.form === 'json' ? { body: text } : (JSON.parse(text) as MessageContent);
  }

  private async count(entry: Entry): Promise<void> {
    const before = this.pathOf(entry);
    entry.receives++;
    await rename(before, this.pathOf(entry));
  }

  private async remove(entry: Entry): Promise<void> {
    // A second deletion of the same message finds nothing.
    if (!this.entries.delete(entry.id)) return;
    await unlink(this.pathOf(entry));
  }

  private async setAside(entry: Entry): Promise<void> {
    if (this.deadLetters) await this.moveTo(this.deadLetters, entry, entry.receives);
  }

  private async moveTo(target: FolderQueue, entry: Entry, receives: number): Promise<void> {
    this.entries.delete(entry.id);
    const moved: Entry = { ...unseen, id: entry.id, sent: entry.sent, form: entry.form, receives };
    await rename(this.pathOf(entry), target.pathOf(moved));
    target.entries.set(moved.id, moved);
    target.tell();
  }

  private pathOf({ id, sent, receives, form }: Entry): string {
    return join(this.options.folder, `${sent}-${id}.${receives}.${form}`);
  }
}

/** Of a queue of dead letters that no template declares. */
export const keptLong: QueueAttributes = { ...defaultAttributes, retention: sqs.maxRetention };

/** A message that nobody has received since the queue was opened. */
const unseen = { receives: 0, firstReceived: undefined, receipt: undefined, visibleAt: 0 } as const;

function isDue({ visibleAt }: Entry, now: number): boolean {
  return visibleAt !== undefined && visibleAt <= now;
}
