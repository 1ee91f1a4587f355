import type { Held } from './backlog.js';
import type { Clock } from './clock.js';
import type { Output } from './entry.js';
import type { BufferHints } from './streamConfig.js';

type Waiting = Held<Output>;

/** What becomes one object. */
export interface ObjectBuffer {
  readonly kind: Output['kind'];
  readonly prefix: string;
  readonly outputs: readonly Waiting[];
}

interface Growing extends ObjectBuffer {
  readonly outputs: Waiting[];
  bytes: number;
  readonly cancelTimer: () => void;
}

/** Gathers outputs by evaluated prefix until an object is due. */
export class ObjectBuffers {
  private readonly growing = new Map<string, Growing>();

  constructor(
    private readonly hints: BufferHints,
    private readonly clock: Clock,
    private readonly deliver: (buffer: ObjectBuffer) => void,
  ) {}

  add(output: Waiting): void {
    const { kind, prefix } = output;
    const name = `${kind} ${prefix}`;
    let buffer = this.growing.get(name);
    if (!buffer) {
      const cancelTimer = this.clock.after(this.hints.interval, () => this.hand(name));
      buffer = { kind, prefix, outputs: [], bytes: 0, cancelTimer };
      this.growing.set(name, buffer);
    }
    buffer.outputs.push(output);
    buffer.bytes += output.data.length;
    if (buffer.bytes >= this.hints.bytes) this.hand(name);
  }

  /** Hands every buffer on, due or not. */
  handAll(): void {
    for (const name of [...this.growing.keys()]) this.hand(name);
  }

  /** Forgets the timers; what is gathered stays in the journal. */
  stop(): void {
    for (const { cancelTimer } of this.growing.values()) cancelTimer();
  }

  private hand(name: string): void {
    const buffer = this.growing.get(name);
    if (!buffer) return;
    this.growing.delete(name);
    buffer.cancelTimer();
    this.deliver(buffer);
  }
}
