import { sqs } from '../../shared/limits.js';
import type { SignalBatch } from '../../shared/signals/signal.js';
import type { VirtualTime } from './virtualTime.js';

/** A message of the signal queue. */
export interface Message {
  readonly batch: SignalBatch;
  readonly bytes: number;
  /** When the first line that it tells of was written, and when it was sent; ms since the epoch. */
  readonly written: number;
  readonly sent: number;
  receives: number;
}

/** The signal queue: what is received is hidden for a while, comes again unless it is deleted, and is set aside in the end. */
export class SignalQueue {
  readonly dead: Message[] = [];
  /** Requests as SQS bills them, by started 64 KB. */
  requests = 0;
  sent = 0;
  deleted = 0;
  mostVisible = 0;
  private visible: Message[] = [];
  private head = 0;
  private hidden = 0;
  private watcher: () => void = () => undefined;

  constructor(
    private readonly time: VirtualTime,
    private readonly setting: { readonly visibility: number; readonly maxReceives: number },
  ) {}

  /** Told whenever there may be something to receive. */
  watch(watcher: () => void): void {
    this.watcher = watcher;
  }

  get length(): number {
    return this.visible.length - this.head;
  }

  /** Whether all that was sent was deleted. */
  get isEmpty(): boolean {
    return this.length === 0 && this.hidden === 0;
  }

  /** When the message that has waited longest was sent; undefined when none waits. */
  get oldest(): number | undefined {
    return this.visible[this.head]?.sent;
  }

  send(message: Omit<Message, 'receives' | 'sent'>): void {
    this.sent++;
    this.requests += requestsFor(message.bytes);
    this.show({ ...message, sent: this.time.now(), receives: 0 });
  }

  /** Up to `most` messages of up to `mostBytes` together, each hidden from now on. */
  receive(most: number, mostBytes: number): Message[] {
    const taken: Message[] = [];
    let bytes = 0;
    while (taken.length < most) {
      const next = this.visible[this.head];
      if (!next || (taken.length > 0 && bytes + next.bytes > mostBytes)) break;
      this.head++;
      bytes += next.bytes;
      next.receives++;
      taken.push(next);
    }
    // What has been received makes room now and then.
    if (this.head > 1024 && this.head * 2 > this.visible.length) {
      this.visible = this.visible.slice(this.head);
      this.head = 0;
    }
    this.hidden += taken.length;
    for (let at = 0; at < taken.length; at += 10) {
      const some = taken.slice(at, at + 10).reduce((sum, message) => sum + message.bytes, 0);
      // Received together, and deleted together.
      this.requests += requestsFor(some) + 1;
    }
    return taken;
  }

  delete(): void {
    this.hidden--;
    this.deleted++;
  }

  /** A message that was received in vain comes again once it is visible, or is set aside. @param received when it was */
  leave(message: Message, received: number): void {
    this.time.at(received + this.setting.visibility, () => {
      this.hidden--;
      if (message.receives >= this.setting.maxReceives) this.dead.push(message);
      else this.show(message);
    });
  }

  private show(message: Message): void {
    this.visible.push(message);
    this.mostVisible = Math.max(this.mostVisible, this.length);
    this.watcher();
  }
}

function requestsFor(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / sqs.billedTogether));
}
