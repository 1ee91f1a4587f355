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
