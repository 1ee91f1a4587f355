import type { Clock } from '../clock.js';
import type { Held } from '../stream/backlog.js';
import type { Output } from '../stream/entry.js';
import type { ObjectForm } from './objectForm.js';

/** An output on its way to an object. */
export type Waiting = Held<Output> & {
  /** When an object with it could not be written for the first time since the start, ms since the epoch. */
  readonly failing?: { readonly since: number; readonly attempts: number };
};

/** What becomes one object. */
export interface ObjectBuffer {
  readonly kind: Output['kind'];
  readonly prefix: string;
  /** As configured when the buffer was begun. */
  readonly form: ObjectForm;
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
    private readonly clock: Clock,
    private readonly deliver: (buffer: ObjectBuffer) => void,
  ) {}

  add(outputs: readonly Waiting[], form: ObjectForm): void {
    for (const output of outputs) this.addOne(output, form);
    // Zero buffering: what comes together leaves together, at once.
    if (form.hints.interval === 0) this.handAll();
  }

  /** The prefixes that lines are gathered for now. */
  openPrefixes(): Set<string> {
    return new Set([...this.growing.values()].filter(({ kind }) => kind === 'lines').map(({ prefix }) => prefix));
  }

  /** Hands every buffer on, due or not. */
  handAll(): void {
    for (const name of [...this.growing.keys()]) this.hand(name);
  }

  /** Forgets the timers; what is gathered stays in the journal. */
  stop(): void {
    for (const { cancelTimer } of this.growing.values()) cancelTimer();
  }

  private addOne(output: Waiting, form: ObjectForm): void {
    const { kind, prefix } = output;
    const name = `${form.version} ${kind} ${prefix}`;
    let buffer = this.growing.get(name);
    if (!buffer) {
      const cancelTimer = this.clock.after(form.hints.interval, () => this.hand(name));
      buffer = { kind, prefix, form, outputs: [], bytes: 0, cancelTimer };
      this.growing.set(name, buffer);
    }
    buffer.outputs.push(output);
    buffer.bytes += output.data.length;
    if (buffer.bytes >= buffer.form.hints.bytes) this.hand(name);
  }

  private hand(name: string): void {
    const buffer = this.growing.get(name);
    if (!buffer) return;
    this.growing.delete(name);
    buffer.cancelTimer();
    this.deliver(buffer);
  }
}
