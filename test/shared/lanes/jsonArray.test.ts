import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { arrayEnd } from '../../../shared/lanes/jsonArray.js';

/** Where the array ends that begins behind `x=`, with its quotes escaped as they stand in a record. */
function endOf(array: string): number {
  const escaped = JSON.stringify(array).slice(1, -1);
  const end = arrayEnd(`x=${escaped}}`, 2);
  return end < 0 ? -1 : end - 2 - escaped.length;
}

const nested = (open: string, close: string, levels: number) => open.repeat(levels) + close.repeat(levels);

describe('an array', () => {
  it.each([
    '[]',
    '[1]',
    '[0,-1,0.5,-0.5,12.25,123456789]',
    '[true,false,null]',
    '["","a","é",[],{},[[1],2]]',
    '[{"a":1,"b.c-d_1":"x","_":[{"e":{}}]}]',
    nested('[', ']', 20),
    `[${'{"a":'.repeat(18)}{}${'}'.repeat(18)}]`,
  ])('that JSON.stringify writes ends behind its bracket: %s', (array) => {
    expect(endOf(array)).toBe(0);
    expect(JSON.stringify(JSON.parse(array))).toBe(array);
  });

  it.each([
    ...['', '{}', '1', '[', '[1', '[1,', '[1,]', '[,]', '[1 ]', '[ 1]', '[1;2]', '[1 2]', '[1}', '[[1]'],
    ...[
      '[{"a":1;"b":2}]',
      '[{"a":1]',
      '[{"a":1,}]',
      '[{"a"1}]',
      '[{"a";1}]',
      '[{a:1}]',
      '[{"a":}]',
      '[{"a"}]',
      '[{1:1}]',
    ],
    ...['[{"a":1,"a":2}]', '[{"1":1}]', '[{"a b":1}]', '[{"":1}]'],
    ...[
      '[-0]',
      '[-]',
      '[01]',
      '[1.0]',
      '[1.]',
      '[1e3]',
      '[1E3]',
      '[1234567890]',
      '[0.1234567]',
      '[+1]',
      '[tru]',
      '["a]',
      '["\\n"]',
    ],
    nested('[', ']', 21),
    `[${'{"a":'.repeat(19)}{}${'}'.repeat(19)}]`,
  ])('that it would not write like this, or that may be too deep, is left: %s', (array) => {
    expect(endOf(array)).toBe(-1);
  });

  it('of any values is read to its end, or left', () => {
    const key = fc.stringMatching(/^[A-Za-z_][\w.-]{0,5}$/).filter((name) => name !== '__proto__');
    const { plain } = fc.letrec((tie) => ({
      plain: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(
          fc.integer({ min: -999_999_999, max: 999_999_999 }),
          fc.boolean(),
          fc.constant(null),
          fc.stringMatching(/^[ !#-[\]-~é]{0,6}$/),
        ),
        fc.array(tie('plain'), { maxLength: 4 }),
        fc.dictionary(key, tie('plain'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 5 }), (values) => expect(endOf(JSON.stringify(values))).toBe(0)),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 5 }), (values) => {
        expect([0, -1]).toContain(endOf(JSON.stringify(values)));
      }),
    );
  });
});
