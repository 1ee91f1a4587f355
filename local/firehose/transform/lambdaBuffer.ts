import type { Clock } from '../clock.js';
import type { Held } from '../stream/backlog.js';
import type { SourceRecord } from '../stream/entry.js';
import { type LambdaProcessor, lambdaOf, type StreamConfig } from '../stream/streamConfig.js';
import { isPrepared, prepare } from './processors/preparation.js';
import { fitsInvocation, sum, type Weight, weightOf } from './transformation.js';

type Arrived = Held<SourceRecord>;

/** Without a transform nothing is waited for, but what comes together stays together. */
const directHints = { bytes: 3 * 1024 * 1024, interval: 0 };

const nothing: Weight = { data: 0, event: 0 };

/** Gathers records for an invocation of the transform, in the order of arrival. */
export class LambdaBuffer {
  private records: Arrived[] = [];
  private weight = nothing;
  private cancelTimer: (() => void) | undefined;

  constructor(
    /** The stream's configuration as it is now. */
    private readonly config: () => StreamConfig,
    private readonly clock: Clock,
    /** Takes what was gathered. */
    private readonly seal: (records: readonly Arrived[]) => void,
  ) {}

  add(record: Arrived): void {
    const config = this.config();
    const lambda = lambdaOf(config);
    const hints = lambda?.hints ?? directHints;
    const own = preparedWeight(record, config);
    if (this.records.length > 0 && !fits(sum(this.weight, own), lambda)) this.sealNow();
    if (this.records.length === 0) {
      // A record that was waiting before a restart has waited part of its interval.
      const due = record.arrival + hints.interval - this.clock.now();
      this.cancelTimer = this.clock.after(Math.max(0, Math.min(due, hints.interval)), () => this.sealNow());
    }
    this.records.push(record);
    this.weight = sum(this.weight, own);
    if (this.weight.data >= hints.bytes) this.sealNow();
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
    this.weight = nothing;
    this.seal(records);
  }

  /** Forgets the timer; what is gathered stays in the journal. */
  stop(): void {
    this.cancelTimer?.();
  }
}

function fits(weight: Weight, lambda: LambdaProcessor | undefined): boolean {
  return lambda ? fitsInvocation(weight, lambda) : weight.data <= directHints.bytes;
}

/** What a record weighs by the time the transform gets it. */
function preparedWeight({ data }: SourceRecord, { processors }: StreamConfig): Weight {
  if (!isPrepared(processors)) return weightOf(data);
  // Prepared once more when its turn comes: waiting records are kept as they came, which is less memory.
  const prepared = prepare(data, processors);
  return prepared.kind === 'ready' ? prepared.records.map(weightOf).reduce(sum, nothing) : nothing;
}
