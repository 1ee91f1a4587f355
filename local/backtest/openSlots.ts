import { Origin, type OriginColumns } from '../../shared/line/origin.js';
import { TIME_END } from '../../shared/line/rowText.js';
import type { LogType } from '../../shared/line/schema/index.js';
import type { RuleSet, SignalCollector } from '../../shared/rules/matching/match.js';
import { fromBinary } from '../../shared/text/binary.js';
import type { ViewedRow } from '../../shared/where/compileWhere.js';
import { timeOf } from './landedRows.js';
import type { Period } from './period.js';
import type { Progress, Slot } from './slot.js';

/** The slots that are not over and have rows. */
export class OpenSlots {
  /** By slot, one for each set of rules. */
  private readonly collectors = new Map<number, readonly SignalCollector[]>();
  /** Event times of which rows may arrive in the hour that is being read, and when it began; ms since the epoch. */
  window = { from: 0, arrived: 0, to: 0 };

  constructor(
    private readonly width: number,
    private readonly sets: readonly RuleSet[],
    private readonly period: Period,
    private readonly progress: Progress,
  ) {}

  /** @param line a stored row, as a binary string */
  take(type: LogType, line: string): void {
    const ts = timeOf(line);
    const { from, arrived, to } = this.window;
    const time = ts < from ? arrived : ts >= to ? arrived + HOUR - 1 : ts;
    if (time < this.period.from || time >= this.period.to) return;
    if (!Number.isNaN(ts) && this.show(type, line, ts, time)) this.progress.rows++;
    else this.progress.unreadable++;
  }

  /** Those that end before a time, in order; nothing can be added to them any more. */
  *before(time: number): Generator<readonly Slot[]> {
    const slots = [...this.collectors].sort(([a], [b]) => a - b);
    for (const [index, collectors] of slots) {
      const at = (index + 1) * this.width;
      if (at > time) return;
      this.collectors.delete(index);
      yield collectors.map((each) => ({ at, signals: each.signals(), failures: each.failures() }));
    }
  }

  private collectorsAt(index: number): readonly SignalCollector[] {
    let collectors = this.collectors.get(index);
    if (!collectors) {
      collectors = this.sets.map((rules) => rules.collector());
      this.collectors.set(index, collectors);
    }
    return collectors;
  }

  /** @returns false when the line is no row */
  private show(type: LogType, line: string, ts: number, time: number): boolean {
    const collectors = this.collectorsAt(Math.floor(time / this.width));
    if (type === 'access') {
      if (!line.endsWith('}')) return false;
      const origin = originOf(line);
      for (const collector of collectors) collector.access?.(line, ts, origin);
      return true;
    }
    const row = parseRow(line);
    if (!row) return false;
    row.ts = ts;
    for (const collector of collectors) collector.observe(type, row);
    return true;
  }
}

function parseRow(line: string): ViewedRow | undefined {
  try {
    return JSON.parse(fromBinary(line)) as ViewedRow;
  } catch {
    return undefined;
  }
}

/** Who wrote a row, by the columns behind its time; those of a container are the same text in all its rows. */
function originOf(line: string): Origin {
  columnsOfOrigin.lastIndex = TIME_END;
  const [text = ''] = columnsOfOrigin.exec(line) ?? [];
  let origin = origins.get(text);
  if (!origin) {
    origin = new Origin(JSON.parse(`{${fromBinary(text.slice(1))}}`) as OriginColumns);
    origins.set(text, origin);
  }
  return origin;
}

const columnsOfOrigin = /(?:,"(?:service|source|task|cluster)":"(?:[^"\\]|\\.)*")*/y;
const origins = new Map<string, Origin>();

const HOUR = 3_600_000;
