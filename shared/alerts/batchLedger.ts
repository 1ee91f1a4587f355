import { createHash } from 'node:crypto';
import { sqs } from '../limits.js';
import type { SignalBatch } from '../signals/signal.js';
import { inParallel } from '../text/parallel.js';
import type { Ledger, SaveTerms, StateStore } from './ports.js';
import { batchId, shortBatch } from './state/ids.js';
import { update } from './state/update.js';

/** What is stored of a batch: its messages that are done with, each by what it holds. */
interface Entry {
  /** How many messages it has. */
  readonly messages: number;
  readonly done: readonly string[];
}

const DAY = 86_400_000;

/** Batches that are known to be settled; of more the oldest are looked up again. */
const maxKnown = 20_000;

/** Batches that one invocation looks up, and how many at a time. */
const [maxLookUps, parallelLookUps] = [200, 16];

/**
 * Which batches are done with: each has an entry from before its first key is counted until no message of it can come any more,
 * 14 days later (a redrive from the dead-letter queue). So a message that comes again, when it was done with, is recognised by one
 * read, and its keys need not remember its batch: they only do while it is under way. A batch that has no entry can't come again.
 */
export class BatchLedger implements Ledger {
  private readonly unknown = new Set<string>();

  /** @param settled what the process knows: batches of which all messages are done with, or of which no message can come any more. */
  constructor(
    private readonly store: StateStore,
    private readonly now: () => number,
    private readonly settled = new Set<string>(),
  ) {}

  async open(batch: SignalBatch): Promise<boolean> {
    const id = shortBatch(batch.id);
    if (this.settled.has(id)) return false;
    // A version that did not say how many there are: it is never known that all are done.
    const entry: Entry = { messages: batch.messages ?? Number.MAX_SAFE_INTEGER, done: [] };
    if (await this.store.save(batchId(id), entry, undefined, this.terms())) return true;
    const known = (await this.store.load(batchId(id)))?.value as Entry | undefined;
    this.learnOf(id, known);
    return !this.settled.has(id) && !known?.done.includes(contentOf(batch));
  }

  async close(batch: SignalBatch): Promise<void> {
    const id = shortBatch(batch.id);
    const closed = await update<Entry, Entry | undefined>(this.store, batchId(id), (entry) => {
      const content = contentOf(batch);
      if (!entry || entry.done.includes(content)) return { next: undefined, result: entry };
      const value = { ...entry, done: [...entry.done, content] };
      return { next: { value, terms: this.terms() }, result: value };
    });
    this.learnOf(id, closed);
  }

  isSettled(batch: string): boolean {
    if (this.settled.has(batch)) return true;
    if (!batch.startsWith(keysPrefix)) this.unknown.add(batch);
    return false;
  }

  async lookUp(): Promise<void> {
    const asked = [...this.unknown].slice(0, maxLookUps);
    this.unknown.clear();
    await inParallel(asked, parallelLookUps, async (id) => {
      this.learnOf(id, (await this.store.load(batchId(id)))?.value as Entry | undefined);
    });
  }

  private learnOf(id: string, entry: Entry | undefined): void {
    if (entry && entry.done.length < entry.messages) return;
    this.settled.add(id);
    if (this.settled.size <= maxKnown) return;
    const [oldest = id] = this.settled;
    this.settled.delete(oldest);
  }

  private terms(): SaveTerms {
    return { expires: this.now() + sqs.maxRetention + DAY };
  }
}

/** Keys that are told together remember what they have in common by names of their own, of which there are no entries. */
export const keysPrefix = 'keys:';

/** Messages of a batch are told apart by their keys: should an invocation be repeated with other rules, they are other messages. */
function contentOf({ signals, failures = [] }: SignalBatch): string {
  const keys = [...new Set(signals.map(({ rule, key }) => `${rule} ${key}`)), ...failures.map(({ rule }) => rule)];
  return createHash('sha256').update(keys.sort().join('\n')).digest('hex').slice(0, 8);
}
