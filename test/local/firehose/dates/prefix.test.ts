import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluatePrefix, PrefixExpression } from '../../../../local/firehose/dates/prefix.js';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const none = {};

describe('PrefixExpression', () => {
  it('fills in the keys first and the time at delivery', () => {
    const prefix = new PrefixExpression(
      'a/t=!{partitionKeyFromLambda:t}/!{timestamp:yyyy/MM}/!{firehose:random-string}/',
    );
    const partition = prefix.partitionFor({ lambda: { t: 'app', other: 1 }, query: none });
    expect(partition).toEqual({ found: true, prefix: 'a/t=app/!{timestamp:yyyy/MM}/!{firehose:random-string}/' });
    if (!partition.found) return;
    expect(evaluatePrefix(partition.prefix, at)).toMatch(/^a\/t=app\/2026\/01\/[A-Za-z0-9]{11}\/$/);
    expect(evaluatePrefix(partition.prefix, at)).not.toBe(evaluatePrefix(partition.prefix, at));
  });

  it('keeps the keys of the two namespaces apart', () => {
    const prefix = new PrefixExpression('!{partitionKeyFromLambda:k}/!{partitionKeyFromQuery:k}/');
    expect(prefix.partitionFor({ lambda: { k: 'a' }, query: { k: 'b' } })).toEqual({ found: true, prefix: 'a/b/' });
    expect(prefix.partitionFor({ lambda: { k: 'a' }, query: none })).toMatchObject({ found: false });
  });

  it('evaluates in a zone', () => {
    expect(evaluatePrefix('!{timestamp:yyyy/MM/dd/HH}/', at, 'America/New_York')).toBe('2026/01/01/22/');
  });

  it.each([[{}], [{ t: null }], [{ t: '' }]])('finds no partition for %j', (lambda) => {
    expect(new PrefixExpression('t=!{partitionKeyFromLambda:t}/').partitionFor({ lambda, query: none })).toEqual({
      found: false,
      reason: 'partitionKeys values must not be null or empty',
    });
  });

  it('takes no key from what every object has', () => {
    const prefix = new PrefixExpression('!{partitionKeyFromLambda:constructor}/');
    expect(prefix.partitionFor({ lambda: {}, query: none })).toMatchObject({
      reason: 'partitionKeys values must not be null or empty',
    });
  });

  it('never takes a value for an expression', () => {
    const prefix = new PrefixExpression('t=!{partitionKeyFromLambda:t}/');
    expect(prefix.partitionFor({ lambda: { t: '!{firehose:random-string}' }, query: none })).toMatchObject({
      found: false,
    });
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 100 }), (value) => {
        const partition = prefix.partitionFor({ lambda: { t: value }, query: none });
        if (partition.found) expect(evaluatePrefix(partition.prefix, at)).toBe(`t=${value}/`);
        else expect(value).toContain('!{');
      }),
    );
  });

  it('fills in the error type', () => {
    const prefix = new PrefixExpression('failed/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/');
    expect(evaluatePrefix(prefix.errorPrefix('processing-failed'), at)).toBe('failed/processing-failed/dt=2026-01-02/');
  });

  it.each([
    ['a/!{nonsense}/', 'syntax', '!{nonsense} is not of the form'],
    ['a/!{timestamp:}/', 'syntax', '!{timestamp:} is not of the form'],
    ['a/!{timestamp:yyyy', 'syntax', 'opened without being closed'],
    ['a/!{bogus:x}/', 'namespace', '!{bogus:x}: use timestamp'],
    ['a/!{firehose:x}/', 'value', '!{firehose:x}: use random-string'],
    ['a/!{timestamp:yyyy-b}/', 'value', '!{timestamp:yyyy-b}: the letter "b"'],
  ])('refuses %s for its %s', (source, part, message) => {
    expect(() => new PrefixExpression(source)).toThrow(message);
    expect(() => new PrefixExpression(source)).toThrow(expect.objectContaining({ part }));
  });

  it('either compiles or says what is wrong', () => {
    const pieces = fc.constantFrom('!{', '}', 'timestamp:', 'firehose:', 'random-string', 'yyyy', 'p', "'", 'a/');
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        try {
          expect(typeof evaluatePrefix(new PrefixExpression(parts.join('')).source, at)).toBe('string');
        } catch (error) {
          expect(error).toMatchObject({ name: 'InvalidPrefix' });
        }
      }),
    );
  });
});
