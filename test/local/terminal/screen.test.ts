import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { demoQueries } from '../../../local/demo/queries.js';
import { Screen } from '../../../local/terminal/screen.js';

/** What a screen of 80 columns shows. */
function shownBy(write: (screen: Screen) => void): string[] {
  const lines: string[] = [];
  write(new Screen(80, (text) => lines.push(stripVTControlCharacters(text))));
  return lines;
}

const sentence = 'Every record is billed as a multiple of 5 KB at $0.029 a GB, whatever there is in it.';

describe('Screen', () => {
  it.each<[string, (screen: Screen) => void, string[]]>([
    [
      'a note',
      (screen) => screen.note(sentence),
      ['     ✓ Every record is billed as a multiple of 5 KB at $0.029 a GB, whatever', '       there is in it.'],
    ],
    [
      'a step',
      (screen) => screen.step('bill', sentence),
      [
        '',
        '   1 bill   Every record is billed as a multiple of 5 KB at $0.029 a GB,',
        '            whatever there is in it.',
        '',
      ],
    ],
  ])('breaks %s between words', (_, write, lines) => {
    expect(shownBy(write)).toEqual(lines);
  });

  it('holds the demo’s queries in 80 columns', () => {
    for (const { question, sql } of demoQueries) {
      const widths = shownBy((screen) => screen.question(question, sql)).map(({ length }) => length);
      expect(Math.max(...widths)).toBeLessThanOrEqual(80);
    }
  });
});
