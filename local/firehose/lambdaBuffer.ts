import { lambda } from '../../shared/limits.js';
import type { Held } from './backlog.js';
import type { Clock } from './clock.js';
import type { SourceRecord } from './entry.js';
import type { BufferHints } from './streamConfig.js';
import { eventBytes } from './transformation.js';

type Arrived = Held<SourceRecord>;

/** The event's own fields, generously. */
const eventEnvelopeBytes = 1024;

/** Gathers records for an invocation of the transform, in the order of arrival. */
export class LambdaBuffer {
  private records: Arrived[] = [];
  private dataBytes = 0;
  private eventBytes = eventEnvelopeBytes;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly hints: BufferHints,
    private readonly clock: Clock,
    /** Takes what was gathered. */
    private readonly seal: (records: readonly Arrived[]) => void,
  ) {}

  add(record: Arrived): void {
    const [data, event] = [record.data.length, eventBytes(record)];
    const overflows = this.dataBytes + data > this.hints.bytes || this.eventBytes + event > lambda.maxPayloadBytes;
    if (overflows) this.sealNow();
    if (this.records.length === 0) {
      // A record that was waiting before a restart has waited part of its interval.
      const due = record.arrival + this.hints.interval - this.clock.now();
      this.cancelTimer = this.clock.after(Math.max(0, Math.min(due, this.hints.interval)), () => this.sealNow());
    }
    this.records.push(record);
    this.dataBytes += data;
    this.eventBytes += event;
    if (this.dataBytes >= this.hints.bytes) this.sealNow();
  }

  get empty(): boolean {
    return this.records.length === 0;
  }

  sealNow(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    if (this.records.length === 0) return;
    const records = this.records;
    this.records = [];
    this.dataBytes = 0;
    this.eventBytes = eventEnvelopeBytes;
    this.seal(records);
  }

  /** Forgets the timer; what is gathered stays in the journal. */
  stop(): void {
    this.cancelTimer?.();
  }
}
