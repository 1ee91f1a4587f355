import { describe, expect, it } from '@jest/globals';
import type { JsonFormat, TextFormat } from '../../../shared/parse/format.js';
import { jsonFormats, textFormats } from '../../../shared/parse/formats/index.js';
import { parseObject } from '../../../shared/parse/json/object.js';

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

const starts = ['2026-11-22 ', '2026-11-22T', '2026/11/22 ', '2026/11/22T'] as const;
const dated: TextFormat[] = textFormats.filter(({ dates }: TextFormat) => dates !== undefined);

it.each(dated)('$name reads no line that starts with another date than it announced', ({ dates, samples, parse }) => {
  for (const { line } of samples) {
    for (const start of starts.filter((each) => !dates?.includes(each))) {
      const prefixed = ['16:41:02 ', '16:41:02Z ', '16:41:02.123Z '].map((clock) => start + clock + line);
      const changed = starts.some((each) => startsWith(line, each)) ? [start + line.slice(start.length)] : [];
      for (const other of [...prefixed, ...changed]) expect([other, parse(other)]).toEqual([other, undefined]);
    }
  }
});

/** With any date of that layout. */
function startsWith(line: string, start: string): boolean {
  return line.slice(0, start.length).replace(/\d/g, '0') === start.replace(/\d/g, '0');
}

const keyed: JsonFormat[] = jsonFormats.filter(({ keys }: JsonFormat) => keys !== undefined);

it.each(keyed)('$name reads no object without one of the keys that it announced', ({ keys, samples, parse }) => {
  for (const { line } of samples) {
    const object = parseObject(line) ?? {};
    expect(parse(object)).toBeDefined();
    const others = Object.entries(object).filter(([key]) => !keys?.includes(key));
    expect(parse(Object.fromEntries(others))).toBeUndefined();
  }
});

it('has no more formats of JSON than a number has bits', () => {
  expect(jsonFormats.length).toBeLessThanOrEqual(32);
});
