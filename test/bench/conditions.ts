import type { AlertState } from '../../shared/alerts/state/alertState.js';
import { decide, due, dueAt } from '../../shared/alerts/state/decide.js';
import { type RuleType, ruleTypes } from '../../shared/conditions/index.js';
import type { Group } from '../../shared/text/groupBy.js';
import { aRule, MINUTE, T0 } from '../helpers/alerts.js';
import { signalsOf, type TestLine } from '../helpers/signals.js';
import { cpuOf, median } from './measure.js';
import type { ReportTable } from './report.js';

/** What a rule of one type costs the alert function for one busy key. */
export interface ConditionResult {
  readonly type: RuleType;
  /** To read the state, decide and write it, as JSON, for one batch. */
  readonly microseconds: number;
  /** Saved with a batch, at the end of the day. */
  readonly stateBytes: number;
  /** Of that, what the condition remembers. */
  readonly memoryBytes: number;
  /** Part of the batches that are saved. */
  readonly writes: number;
}

const batches = 1440;
const linesOfBatch = 100;

/** A day of a key that is always busy, a batch a minute, with the settings of test/helpers/alerts.ts. */
export async function measureConditions(runs: number): Promise<ConditionResult[]> {
  const results: ConditionResult[] = [];
  for (const type of ruleTypes) {
    const day = new Day(type);
    const cpu: number[] = [];
    for (let run = 0; run < runs + 1; run++) cpu.push(await cpuOf(() => day.pass()));
    results.push({ type, microseconds: (median(cpu.slice(1)) * 1000) / batches, ...day.saved() });
  }
  return results;
}

export function conditionTable(results: readonly ConditionResult[]): ReportTable {
  return {
    title: 'Types of rules: a busy key, a batch a minute for a day',
    columns: ['type', 'µs a batch', 'bytes saved', 'of the condition', 'batches saved'],
    rows: results.map(({ type, microseconds, stateBytes, memoryBytes, writes }) => [
      type,
      microseconds.toFixed(0),
      stateBytes.toLocaleString('en'),
      memoryBytes.toLocaleString('en'),
      `${(100 * writes).toFixed(0)} %`,
    ]),
  };
}

class Day {
  private readonly rule;
  private readonly signals;
  private state = '';
  private writes = 0;

  constructor(type: RuleType) {
    this.rule = aRule({ type });
    this.signals = Array.from({ length: batches }, (_, batch) => signalsOf(this.rule, linesAt(batch)));
  }

  pass(): void {
    this.state = '';
    this.writes = 0;
    for (const [batch, signals] of this.signals.entries()) {
      const now = T0 + (batch + 1) * MINUTE;
      const id = batch.toString(16).padStart(16, '0');
      // Of the batches before, the ledger says that they are done with.
      const isSettled = (batchBefore: string) => batchBefore !== id;
      this.save(decide(this.load(), this.rule, [{ batch: id, signals }], now, undefined, isSettled).next);
      const state = this.load();
      const at = state && dueAt(state, this.rule);
      if (state && at !== undefined && now >= at) this.save(due(state, this.rule, now).next);
    }
  }

  saved() {
    const memory = this.load()?.memory ?? {};
    return {
      stateBytes: Buffer.byteLength(this.state),
      memoryBytes: Buffer.byteLength(JSON.stringify(memory)),
      writes: this.writes / batches,
    };
  }

  private load(): AlertState | undefined {
    return this.state === '' ? undefined : JSON.parse(this.state);
  }

  private save(next: AlertState | undefined): void {
    if (!next) return;
    this.state = JSON.stringify(next);
    this.writes++;
  }
}

/** Lines of one minute: some are in a rule's part, values differ and numbers go up. */
function linesAt(batch: number): Group<TestLine> {
  return Array.from({ length: linesOfBatch }, (_, line) => ({
    ts: T0 + batch * MINUTE + line * (MINUTE / linesOfBatch),
    isPart: line % 50 === 0,
    value: String(batch * linesOfBatch + line),
  })) as unknown as Group<TestLine>;
}
