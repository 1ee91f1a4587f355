import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseLine } from '../../../shared/parse/index.js';
import { stripColours } from '../../../shared/text/colours.js';

const control = '\u001b';

describe('stripColours', () => {
  it.each([
    [`${control}[32minfo${control}[39m: up`, 'info: up'],
    [`${control}[1;38;5;196mred${control}[0m`, 'red'],
    [`${control}[38:2::1:2:3mred${control}[K`, 'red'],
    [`${control}[`, `${control}[`],
    [`a ${control}] b`, `a ${control}] b`],
    ['plain [32m', 'plain [32m'],
  ])('%j is %j', (text, expected) => {
    expect(stripColours(text)).toBe(expected);
  });

  it('gives back the text that was coloured', () => {
    const text = fc.string().filter((value) => !value.includes(control));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 107 }), text)), (pieces) => {
        const coloured = pieces.map(([colour, piece]) => `${control}[${colour}m${piece}`).join('');
        expect(stripColours(coloured)).toBe(pieces.map(([, piece]) => piece).join(''));
      }),
    );
  });

  it('is linear on hostile text', () => {
    for (const piece of [control, `${control}[`, `${control}[1;`, `${control}[1`]) {
      expect(stripColours(piece.repeat(200_000)).length).toBeGreaterThan(0);
    }
  });
});

it('a coloured line is read as the same line without colours', () => {
  const line = '2026-11-22T16:41:02Z INFO cart: up';
  expect(parseLine(line.replace('INFO', `${control}[32mINFO${control}[0m`))).toEqual(parseLine(line));
});
