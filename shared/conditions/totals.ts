import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { OpenSum, Sum } from './conditionType.js';

/** All lines that match `where`. `count` is that of the part that `of` matches as well, and may be 0. */
export interface Total {
  readonly total?: number;
}

/** Of a total as JSON, with its name. */
export const totalBytes = 30;

/** What signals of types carry that measure a part of the lines. */
export const totals: Sum<Total> = {
  open: openTotal,
  join: addTotals,
  lines: ({ total = 0 }: Signal & Total) => total,
};

function openTotal(): OpenSum<Total> {
  let total = 0;
  return {
    add(count) {
      total += count;
    },
    fields: () => ({ total }),
  };
}

function addTotals(a: Span & Total, b: Span & Total): Total {
  return a.total === undefined ? {} : { total: a.total + (b.total ?? 0) };
}
