import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cellsOf, markedLine, marksOf } from './lines.js';

describe('a marked line', () => {
  it('names itself in each of its cells, wherever it is cut at multiples of 16', () => {
    const numbers = fc.record({
      container: fc.nat(255),
      line: fc.nat(0xfff_ffff),
      bytes: fc.integer({ min: 17, max: 9000 }),
    });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 300 }), ({ container, line, bytes }, pieces) => {
        // A cell that is shorter than its mark has none.
        fc.pre(bytes % 1024 === 0 || bytes % 1024 > 16);
        const text = markedLine(container, line, bytes);
        expect(text).toHaveLength(bytes);
        const found = [];
        for (let start = 0; start < text.length; start += 16 * pieces)
          found.push(...marksOf(text.slice(start, start + 16 * pieces)));
        expect(found).toEqual(Array.from({ length: cellsOf(bytes) }, (_, cell) => ({ container, line, cell })));
      }),
    );
  });
});
