import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fromBinary, toBinary } from '../../../shared/text/binary.js';

it('holds the bytes of any text, a character each', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const wellFormed = text.toWellFormed();
      expect(Buffer.from(toBinary(wellFormed), 'latin1')).toEqual(Buffer.from(wellFormed, 'utf8'));
      expect(fromBinary(toBinary(wellFormed))).toBe(wellFormed);
    }),
  );
});
