import { describe, expect, it } from '@jest/globals';
import type { TextFormat } from '../../../shared/parse/format.js';
import { textFormats } from '../../../shared/parse/formats/index.js';

const choosy: TextFormat[] = textFormats.filter(({ first }: TextFormat) => first !== undefined);

describe.each(choosy)('$name', ({ first, samples, parse }) => {
  it('reads no line that starts with a character it did not announce', () => {
    for (const { line } of samples) {
      for (let code = 0; code < 256; code++) {
        const start = String.fromCharCode(code);
        for (const other of [start + line, start + line.slice(1)]) {
          if (parse(other)) expect({ other, announced: first?.test(start) }).toEqual({ other, announced: true });
        }
      }
    }
  });
});

it.each(textFormats.filter(({ undated }: TextFormat) => undated))(
  '$name reads no line that starts with a date',
  ({ samples, parse }) => {
    for (const { line } of samples) {
      for (const date of ['2026-11-22 16:41:02 ', '2026/11/22 1', '2026-11-22T16:41:02Z '])
        expect(parse(date + line)).toBeUndefined();
    }
  },
);
