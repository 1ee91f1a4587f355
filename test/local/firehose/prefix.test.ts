import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluatePrefix, PrefixExpression } from '../../../local/firehose/prefix.js';
import { compileTimestampPattern } from '../../../local/firehose/timestampPattern.js';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('compileTimestampPattern', () => {
  it.each([
    ['yyyy-MM-dd-HH-mm-ss', '2026-01-02-03-04-05'],
    ["yyyy/'day' dd", '2026/day 02'],
    ["HH'h'''mm", "03h'04"],
    ["''yyyy", "'2026"],
  ])('formats %s in UTC', (pattern, expected) => {
    expect(compileTimestampPattern(pattern)(at)).toBe(expected);
  });

  it.each(['YYYY', 'DDD', 'yy', 'hh a', 'M'])('refuses %s, naming the letters', (pattern) => {
    expect(() => compileTimestampPattern(pattern)).toThrow(`in the timestamp pattern "${pattern}" is not supported`);
  });

  it('refuses a quote that is not closed', () => {
    expect(() => compileTimestampPattern("yyyy'T")).toThrow('is not closed');
  });

  it('agrees with ISO 8601 for every instant', () => {
    const format = compileTimestampPattern("yyyy-MM-dd'T'HH:mm:ss");
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (instant) => {
        expect(format(instant)).toBe(new Date(instant).toISOString().slice(0, 19));
      }),
    );
  });
});

describe('PrefixExpression', () => {
  it('fills in the keys first and the time at delivery', () => {
    const prefix = new PrefixExpression(
      'a/t=!{partitionKeyFromLambda:t}/!{timestamp:yyyy/MM}/!{firehose:random-string}/',
    );
    const partition = prefix.partitionFor({ t: 'app', other: 1 });
    expect(partition).toEqual({ found: true, prefix: 'a/t=app/!{timestamp:yyyy/MM}/!{firehose:random-string}/' });
    if (!partition.found) return;
    expect(evaluatePrefix(partition.prefix, at)).toMatch(/^a\/t=app\/2026\/01\/[A-Za-z0-9]{11}\/$/);
    expect(evaluatePrefix(partition.prefix, at)).not.toBe(evaluatePrefix(partition.prefix, at));
  });

  it.each([[{}], [{ t: null }], [{ t: '' }]])('finds no partition for %j', (keys) => {
    expect(new PrefixExpression('t=!{partitionKeyFromLambda:t}/').partitionFor(keys)).toEqual({
      found: false,
      reason: 'partitionKeys values must not be null or empty',
    });
  });

  it('never takes a value for an expression', () => {
    const prefix = new PrefixExpression('t=!{partitionKeyFromLambda:t}/');
    expect(prefix.partitionFor({ t: '!{firehose:random-string}' })).toMatchObject({ found: false });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100 }), (value) => {
        const partition = prefix.partitionFor({ t: value });
        if (partition.found) expect(evaluatePrefix(partition.prefix, at)).toBe(`t=${value}/`);
        else expect(value).toContain('!{');
      }),
    );
  });

  it('fills in the error type', () => {
    const prefix = new PrefixExpression('failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/');
    expect(evaluatePrefix(prefix.errorPrefix('processing-failed'), at)).toBe('failed/processing-failed/dt=2026-01-02/');
  });

  it.each(['!{partitionKeyFromQuery:x}', '!{timestamp:}', '!{firehose:x}', '!{nonsense}'])(
    'refuses %s, naming it',
    (source) => {
      expect(() => new PrefixExpression(`logs/${source}/`)).toThrow(`the expression "${source}" is not supported`);
    },
  );

  it('refuses an expression that is not closed', () => {
    expect(() => new PrefixExpression('logs/!{timestamp:yyyy')).toThrow('without closing it');
  });
});
