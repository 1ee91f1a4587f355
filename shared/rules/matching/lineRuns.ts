import type { ViewedRow } from '../../where/compileWhere.js';
import type { CompiledRule } from './compiledRule.js';
import type { Lines, ShowLines } from './openSignals.js';
import { slotWidthOf } from './slot.js';

/**
 * Counts lines for rules that ask nothing of them but where they come from, such as those that miss a service which
 * falls silent. Lines of one container come together, so that a rule looks at one of them for all.
 */
export class LineRuns {
  private run: Run | undefined;
  /** Event time in which all the rules count lines alike, in milliseconds. */
  private readonly slotWidth: number;

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly show: ShowLines,
  ) {
    this.slotWidth = slotWidthOf(rules);
  }

  add(row: ViewedRow): void {
    const { run } = this;
    if (!run || !continues(run, row)) {
      this.flush();
      const slot = Math.floor(row.ts / this.slotWidth) * this.slotWidth;
      this.run = { row, slot, slotEnd: slot + this.slotWidth, count: 1, first: row.ts, last: row.ts, samples: [] };
      return;
    }
    run.count++;
    run.first = Math.min(run.first, row.ts);
    if (row.ts >= run.last) {
      run.last = row.ts;
      run.row = row;
    }
  }

  /** Shows the rules the lines since the last time. */
  flush(): void {
    if (this.run) this.show(this.rules, this.run.row, this.run);
    this.run = undefined;
  }
}

/** Lines that came one after the other and are the same to the rules. */
type Run = { -readonly [K in keyof Lines]: Lines[K] } & {
  /** The newest of them. */
  row: ViewedRow;
  readonly slot: number;
  readonly slotEnd: number;
};

function continues({ row: { service, source, task, cluster }, slot, slotEnd }: Run, row: ViewedRow): boolean {
  return (
    row.ts >= slot &&
    row.ts < slotEnd &&
    row.service === service &&
    row.task === task &&
    row.source === source &&
    row.cluster === cluster
  );
}
