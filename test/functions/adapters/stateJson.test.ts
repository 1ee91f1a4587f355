import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { stateDictionary } from '../../../functions/adapters/stateDictionary.js';
import { fromAttribute, toAttribute } from '../../../functions/adapters/stateJson.js';

const aState = {
  rules: {
    'traffic-drop': {
      version: 1,
      expires: 1_796_640_104_203,
      value: {
        labels: { service: 'checkout' },
        claim: 0,
        delivery: { status: 'idle' },
        batches: ['68f92e024c886a40'],
        memory: {
          type: 'drop',
          levels: {
            width: 15_000,
            newest: 1_795_430_490_000,
            counts: Array.from({ length: 90 }, (_, at) => (at * 7919) % 150),
          },
        },
      },
    },
  },
};

describe('the attribute of a state', () => {
  it('gives back any JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat({ max: 20_000 }), (json, length) => {
        const text = JSON.stringify({ json, padding: 'x'.repeat(length) });
        for (const dictionary of [true, false]) expect(fromAttribute(toAttribute(text, { dictionary }))).toBe(text);
      }),
    );
  });

  it('is text while that is short', () => {
    expect(toAttribute('{"claim":1}', { dictionary: true })).toEqual({ S: '{"claim":1}' });
  });

  it('is a quarter smaller for what states have in common', () => {
    const json = JSON.stringify(aState);
    expect(toAttribute(json, { dictionary: true }).B?.length).toBeLessThan(0.75 * deflateRawSync(json).length);
  });

  it('is read as a version before had it: without the dictionary, at any level', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 0, max: 9 }), (json, level) => {
        expect(fromAttribute({ B: deflateRawSync(json, { level }) })).toBe(json);
      }),
    );
  });

  it('is one that a version before reads where it must not refer to the dictionary', () => {
    const json = JSON.stringify(aState);
    const { B: bytes = Buffer.of() } = toAttribute(json, { dictionary: false });
    expect(inflateRawSync(bytes).toString()).toBe(json);
  });

  it('refers to a dictionary that never changes, for what is stored could be read no more', () => {
    expect(createHash('sha256').update(stateDictionary).digest('hex').slice(0, 16)).toBe('c505e2f721f5f7a4');
  });
});
