import type { Span } from '../signals/tally.js';
import { formatDuration, milliseconds } from '../text/statedDuration.js';
import { asNumber } from '../where/compileWhere.js';
import type { ConditionType, OpenSum } from './conditionType.js';
import {
  type Bucket,
  observeWindow,
  type StatedWindow,
  type WindowMemory,
  type WindowSettings,
  windowed,
  windowMemoryBytes,
} from './window.js';

/** Of an amount as JSON, with its name. */
const amountBytes = 40;

/** The numbers of a column (or `fields.<path>`) add up to more than `above` in the window, such as bytes or money. */
export const sum: ConditionType<StatedSum, SumSettings, WindowMemory, Measured> = {
  ...windowed,
  settings: ({ of, window, above }) => ({ of, window: milliseconds(window), above }),

  of: ({ of }) => ({ column: of }),
  sum: { open: openAmount, join: joinAmounts },

  observe: (rule, memory, signals, now) =>
    observeWindow(rule, memory, signals, now, {
      join: joinAmounts,
      measure(current) {
        const total = amountOf(current);
        return total > rule.above ? { total } : undefined;
      },
    }),
  memoryBytes: (rule) => windowMemoryBytes(rule, rule.window, amountBytes),

  words: ({ total }, { of, window, above }, _until, show) =>
    `${show(of)} adds up to ${total.toLocaleString('en')} in ${formatDuration(window)}, more than ${above.toLocaleString('en')}`,
  example: ({ above }) => ({ measured: { total: rounded(above * 1.2) }, lines: 12 }),
};

interface StatedSum extends StatedWindow {
  readonly of: string;
  readonly above: number;
}

interface SumSettings extends WindowSettings {
  readonly of: string;
  readonly above: number;
}

interface Measured {
  readonly total: number;
}

interface Amount {
  readonly amount?: number;
}

function openAmount(): OpenSum<Amount> {
  let amount = 0;
  return {
    add(count, value) {
      const number = asNumber(value);
      if (Number.isFinite(number)) amount = rounded(amount + count * number);
    },
    fields: () => ({ amount }),
  };
}

function joinAmounts(a: Span & Amount, b: Span & Amount): Amount {
  return a.amount === undefined ? {} : { amount: rounded(a.amount + (b.amount ?? 0)) };
}

function amountOf(buckets: readonly (Bucket & Amount)[]): number {
  return buckets.reduce((total, { amount = 0 }) => rounded(total + amount), 0);
}

/** To a millionth, so that tenths and hundredths add up to what they are: binary fractions would drift away from it. */
function rounded(amount: number): number {
  return Math.abs(amount) < 1e9 ? Math.round(amount * 1e6) / 1e6 : amount;
}
