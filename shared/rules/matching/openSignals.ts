import type { OpenSum } from '../../conditions/conditionType.js';
import { joinKey } from '../../signals/alertKey.js';
import { joinOwn, type OwnTimes, ownField } from '../../signals/ownTimes.js';
import { sampleOf, sampleText } from '../../signals/sample.js';
import type { Sample, Signal, Top } from '../../signals/signal.js';
import { asText, type RowView, type ViewedRow } from '../../where/compileWhere.js';
import type { CompiledRule } from './compiledRule.js';
import { OpenTop } from './topColumns.js';

/** Samples that one signal carries. */
export const maxSamples = 5;

/** Lines that are the same to a rule, by their number and event times. */
export interface Lines {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** Of those whose clock is off, by their own times. */
  readonly own?: OwnTimes | undefined;
  readonly samples: readonly Sample[];
  /** The values of columns in which the lines differ though they are the same to the rule. */
  readonly top?: Top | undefined;
}

/** Shows rules the lines that a row stands for: itself alone unless it is told otherwise. */
export type ShowLines = (rules: readonly CompiledRule[], row: ViewedRow, lines?: Lines) => void;

/** The signals of one rule while lines are added to them. */
export class OpenSignals {
  private readonly open = new Map<string, OpenSignal>();
  /** Lines of one container come together. */
  private latest: OpenSignal | undefined;

  constructor(private readonly compiled: CompiledRule) {}

  /** Adds the row that the view shows: a line of its own, or one that stands for several within a bucket. */
  add(view: RowView, lines?: Lines): void {
    const { isPart, readValue, keepsSamples, keepsLast } = this.compiled;
    const { row } = view;
    const count = lines?.count ?? 1;
    const first = lines?.first ?? row.ts;
    const last = lines?.last ?? row.ts;
    // Whatever may throw comes first: a line counts as a whole or not at all.
    const isIn = isPart?.(view) ?? true;
    const value = readValue && asText(readValue(view));
    const signal = this.signalOf(view, first);

    signal.sum?.add(count, value, first, last, isIn);
    // The times are those of all lines until there is one in the part.
    if (!isIn && signal.count > 0) return;
    if (isIn && signal.count === 0) {
      signal.first = first;
      signal.last = last;
    }
    signal.first = Math.min(signal.first, first);
    signal.last = Math.max(signal.last, last);
    if (!isIn) return;

    signal.count += count;
    if (keepsLast && says(row) && (!signal.newest || row.ts >= signal.newest.ts)) signal.newest = row;
    if (!keepsSamples) return;
    const own = lines ? lines.own : ownOf(row);
    if (own) signal.own = joinOwn(signal.own, own);
    if (lines) signal.top.add(view, count, lines.top ?? {});
    else signal.top.addLine(view);
    if (signal.samples.length >= maxSamples) return;
    if (!lines) addRow(signal.samples, row);
    else for (const sample of lines.samples) addSample(signal.samples, sample);
  }

  /** In the order in which they were first seen. */
  signals(): Signal[] {
    const { rule } = this.compiled;
    return [...this.open.values()].map(
      ({ key, labels, bucket, count, first, last, own, samples, newest, top: open, sum }) => {
        const top = open.top();
        return {
          ...{ rule: rule.name, key, labels, bucket, count, first, last, ...ownField(own) },
          samples: newest ? [sampleOf(newest)] : samples,
          ...(top ? { top } : {}),
          ...sum?.fields(),
        };
      },
    );
  }

  private signalOf(view: RowView, ts: number): OpenSignal {
    const { by, width, openSum, top } = this.compiled;
    const bucket = Math.floor(ts / width) * width;
    const { latest } = this;
    if (latest?.bucket === bucket && isOf(latest, by, view)) return latest;

    const values = by.map(({ read }) => asText(read(view)));
    const key = joinKey(values.map((value) => value ?? ''));
    const place = `${bucket} ${key}`;
    let signal = this.open.get(place);
    if (!signal) {
      signal = newSignal(key, values, this.labelsOf(values), bucket, ts, new OpenTop(top), openSum?.());
      this.open.set(place, signal);
    }
    this.latest = signal;
    return signal;
  }

  /** A column without a value gets no label, which tells it from an empty one. */
  private labelsOf(values: readonly (string | undefined)[]): Record<string, string> {
    const labels = this.compiled.by.flatMap(({ name }, at) => {
      const value = values[at];
      return value === undefined ? [] : [[name, sampleText(value)] as const];
    });
    return Object.fromEntries(labels);
  }
}

interface OpenSignal {
  readonly key: string;
  /** As they were read: two that differ may have the same label, and an absent one the same key as an empty one. */
  readonly values: readonly (string | undefined)[];
  readonly labels: Readonly<Record<string, string>>;
  readonly bucket: number;
  count: number;
  first: number;
  last: number;
  own: OwnTimes | undefined;
  readonly samples: Sample[];
  /** Of a rule that keeps the last line alone. */
  newest: ViewedRow | undefined;
  readonly top: OpenTop;
  readonly sum: OpenSum<object> | undefined;
}

function newSignal(
  key: string,
  values: OpenSignal['values'],
  labels: OpenSignal['labels'],
  bucket: number,
  ts: number,
  top: OpenTop,
  sum: OpenSignal['sum'],
): OpenSignal {
  return {
    key,
    values,
    labels,
    bucket,
    count: 0,
    first: ts,
    last: ts,
    own: undefined,
    samples: [],
    newest: undefined,
    top,
    sum,
  };
}

function isOf({ values }: OpenSignal, by: CompiledRule['by'], view: RowView): boolean {
  for (let at = 0; at < by.length; at++) if (asText(by[at]?.read(view)) !== values[at]) return false;
  return true;
}

function ownOf({ clockOff }: ViewedRow): OwnTimes | undefined {
  return clockOff && { first: clockOff.own, last: clockOff.own };
}

/** Access lines are counted before anybody reads what they say. */
function says(row: ViewedRow): boolean {
  return 'message' in row && row.message !== undefined && row.message !== '';
}

/** Most messages are kept as they are, and those that are there already need not be made ready first. */
function addRow(samples: Sample[], row: ViewedRow): void {
  const message = 'message' in row ? row.message : undefined;
  if (!samples.some((sample) => sample.message === message)) addSample(samples, sampleOf(row));
}

/** Five times the same line would teach the reader nothing, so each message is kept once. */
export function addSample(samples: Sample[], sample: Sample): void {
  if (samples.length >= maxSamples || samples.some(({ message }) => message === sample.message)) return;
  samples.push(sample);
}
