import { describe, expect, it } from '@jest/globals';
import { jsonFormats, textFormats } from '../../../shared/parse/formats/index.js';
import { parseJson, parseLine } from '../../../shared/parse/index.js';
import { parseObject } from '../../../shared/parse/json/object.js';

const samples = [...textFormats, ...jsonFormats].flatMap((format) =>
  format.samples.map((sample) => ({ format, ...sample })),
);

describe.each(samples)('$format.name: $of', ({ format, line }) => {
  it('is read by its own format, whatever stands before it in the order', () => {
    const object = parseObject(line);
    const own = object
      ? (format as (typeof jsonFormats)[number]).parse(object)
      : (format as (typeof textFormats)[number]).parse(line);
    expect(own).toBeDefined();
    expect(parseLine(line)).toEqual(own);
    if (object) expect(parseJson(object)).toEqual(own);
  });
});

it('names each format once', () => {
  const names = [...textFormats, ...jsonFormats].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
