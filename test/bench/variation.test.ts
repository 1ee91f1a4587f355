import { describe, expect, it } from '@jest/globals';
import { parseLine } from '../../shared/parse/index.js';
import { corpora, readLines, recordings } from './corpus.js';
import { vary } from './variation.js';

const MINUTE = 60_000;

describe.each(corpora.mix)('varied lines of %s', (service) => {
  const lines = readLines(recordings[service]);

  it('are read as the recorded ones are, a minute later', () => {
    for (const line of lines) {
      const recorded = parseLine(line);
      const varied = parseLine(vary(line, 3, MINUTE));
      expect(shapeOf(varied)).toEqual(shapeOf(recorded));
      if (recorded.time !== undefined) expect(varied.time).toBe(recorded.time + MINUTE);
    }
  });

  it('are the same in every run, and others in every round', () => {
    const once = (round: number) => lines.map((line) => vary(line, round, 0)).join('\n');
    expect(once(1)).toBe(once(1));
    expect(once(1)).not.toBe(once(2));
  });
});

function shapeOf({ type, columns, fields }: ReturnType<typeof parseLine>) {
  const level = 'level' in columns ? columns.level : undefined;
  const status = 'status' in columns ? columns.status : undefined;
  return { type, level, status, columns: Object.keys(columns), fields: fields.map(([key]) => key) };
}
