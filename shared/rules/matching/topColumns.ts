import type { Top } from '../../signals/signal.js';
import { TopValues } from '../../signals/top.js';
import { asText, compileReader, type Reader, type RowView } from '../../where/compileWhere.js';

/** The columns whose most frequent values tell a reader more of an alert's lines: which task, what, where, from whom. */
export const topColumns = ['task', 'exception', 'status', 'path', 'client_ip'] as const;

/** Those of an access line that are found in its text alone. */
export const requestColumns = ['path', 'client_ip'] as const;

/** How a rule reads them: all but those that are the same for the whole key. */
export function topReaders(by: readonly string[]): readonly TopReader[] {
  return topColumns.filter((name) => !by.includes(name)).map((name) => ({ name, read: compileReader(name) }));
}

export interface TopReader {
  readonly name: string;
  readonly read: Reader;
}

/**
 * Of many lines some are enough to say what is frequent among them: the first sixteen, then each sixteenth for all.
 *
 * @param nth which of the lines it is, from 1
 * @returns for how many lines it stands; 0 when it need not be looked at
 */
export function linesStoodFor(nth: number): number {
  if (nth <= EACH) return 1;
  return nth % EACH === 0 ? EACH : 0;
}

const EACH = 16;

/** The most frequent values of the lines of one signal. */
export class OpenTop {
  private readonly columns: (TopValues | undefined)[] = [];
  /** Lines that were shown one by one. */
  private lines = 0;

  constructor(private readonly readers: readonly TopReader[]) {}

  /** Adds the line that the view shows. */
  addLine(view: RowView): void {
    this.lines++;
    const weight = linesStoodFor(this.lines);
    if (weight > 0) this.add(view, weight, {});
  }

  /** @param counted values of columns that were counted already; the others are those of the row that the view shows. */
  add(view: RowView, count: number, counted: Top): void {
    for (let at = 0; at < this.readers.length; at++) {
      const { name, read } = this.readers[at] as TopReader;
      const values = counted[name];
      if (values) for (const [value, lines] of values) this.column(at).add(value, lines);
      else {
        const value = asText(read(view));
        if (value !== undefined && value !== '') this.column(at).add(value, count);
      }
    }
  }

  /** Undefined when no line had any of them. */
  top(): Top | undefined {
    const found = this.readers.flatMap(({ name }, at) => {
      const values = this.columns[at]?.top() ?? [];
      return values.length === 0 ? [] : [[name, values] as const];
    });
    return found.length === 0 ? undefined : Object.fromEntries(found);
  }

  private column(at: number): TopValues {
    const known = this.columns[at];
    if (known) return known;
    const made = new TopValues();
    this.columns[at] = made;
    return made;
  }
}
