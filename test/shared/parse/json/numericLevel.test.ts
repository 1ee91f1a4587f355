import { describe, expect, it } from '@jest/globals';
import { parseLine } from '../../../../shared/parse/index.js';

function levelIn(members: Readonly<Record<string, unknown>>): unknown {
  const { columns } = parseLine(JSON.stringify({ message: 'saved', ...members }));
  return 'level' in columns ? columns.level : undefined;
}

/** The first number of each level, and the last below it. */
const borders = [
  ['Python', 'levelno', {}, [10, 20, 30, 40, 50]],
  ['Logback', 'level_value', {}, [10_000, 20_000, 30_000, 40_000]],
  ['Semantic Logger', 'level_index', {}, [1, 2, 3, 4, 5]],
  ['.NET', 'LogLevel', { Category: 'Shop' }, [1, 2, 3, 4, 5]],
  ['Monolog', 'level', { channel: 'shop' }, [200, 300, 400, 500]],
] as const;
const names = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

describe.each(borders)("a number of %s's scale", (of, key, others, starts) => {
  const first = of === 'Monolog' ? 2 : 1;
  it.each(starts.map((start, at) => [start, names[first + at], names[first + at - 1]]))(
    '%s starts a level',
    (start, level, below) => {
      expect(levelIn({ ...others, [key]: start })).toBe(level);
      expect(levelIn({ ...others, [key]: Number(start) - 1 })).toBe(below);
    },
  );
});
