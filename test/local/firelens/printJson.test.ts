import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { printJson } from '../../../local/firelens/printJson.js';

it('prints JSON that says the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(printJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('puts lists of plain values into a line as long as they fit', () => {
  expect(printJson({ short: ['a', 1], of: [{ a: [] }], none: {} })).toBe(`{
  "short": ["a", 1],
  "of": [
    {
      "a": []
    }
  ],
  "none": {}
}`);
  expect(printJson([['x'.repeat(120)]])).toBe(`[\n  [\n    "${'x'.repeat(120)}"\n  ]\n]`);
});
