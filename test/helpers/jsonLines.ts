import { describe, expect, it } from '@jest/globals';
import { type Parsed, parseLine } from '../../shared/parse/index.js';

/** What a JSON line of an application becomes; `time` as ISO 8601. */
export interface Expected {
  readonly type: 'error' | 'app';
  readonly time?: string;
  readonly columns: Record<string, unknown>;
  readonly fields?: Record<string, unknown>;
}

/** A table of lines, each with what it becomes. */
export function describeLines(cases: readonly (readonly [name: string, line: unknown, expected: Expected])[]): void {
  describe.each(cases)('%s', (_, line, expected) => {
    it('becomes its columns', () => {
      expect(simplify(parseLine(JSON.stringify(line)))).toEqual({ time: undefined, fields: {}, ...expected });
    });
  });
}

/** Fields as an object: their order says nothing. */
export function simplify({ type, time, columns, fields }: Parsed): unknown {
  const names = fields.map(([key]) => key);
  expect(new Set(names).size).toBe(names.length);
  return {
    type,
    time: time === undefined ? undefined : new Date(time).toISOString(),
    columns,
    fields: Object.fromEntries(fields),
  };
}
