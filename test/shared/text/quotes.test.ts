import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  backslashesBefore,
  closingQuote,
  escapedClosingQuote,
  unescapedClosingQuote,
} from '../../../shared/text/quotes.js';

const RUNS = { numRuns: 1000 };

/** Texts that are mostly quotes and backslashes. */
const text = fc
  .array(fc.constantFrom('"', '\\', '\\"', 'a', ' ', '\n', 'é'), { maxLength: 12 })
  .map((all) => all.join(''));

/** As JSON escapes it, without the quotes around it. */
function escapeJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

describe('the closing quote of a text in JSON', () => {
  it('stands behind what JSON.stringify made of the text, whatever follows', () => {
    fc.assert(
      fc.property(text, text, (value, next) => {
        const json = `{"a":${JSON.stringify(value)},"b":${JSON.stringify(next)}}`;
        const start = '{"a":"'.length;
        expect(closingQuote(json, start)).toBe(start + escapeJson(value).length);
      }),
      RUNS,
    );
  });

  it.each([
    ['"', 0],
    ['a"', 1],
    ['\\"b"', 3],
    ['\\\\"b"', 2],
    ['\\\\\\"b"', 5],
    ['', -1],
    ['ab', -1],
    ['a\\"', -1],
  ])('of %j is at %d', (rest, at) => {
    expect(closingQuote(`"${rest}`, 1)).toBe(at < 0 ? -1 : at + 1);
  });
});

describe('the closing quote of a text in a line that stands in a record', () => {
  /** A line with the text in quotes, as it stands in a record; another record follows. */
  function record(value: string, next: string) {
    const before = '{"log":"';
    const line = escapeJson(`${JSON.stringify(value)} ${JSON.stringify(next)}`);
    return {
      json: `${before}${line}","time":"x"}\n{"log":"\\"next\\""}`,
      start: before.length + '\\"'.length,
      length: escapeJson(escapeJson(value)).length,
    };
  }

  it('stands behind what JSON.stringify, applied twice, made of the text', () => {
    fc.assert(
      fc.property(text, text, (value, next) => {
        const { json, start, length } = record(value, next);
        expect(escapedClosingQuote(json, start)).toBe(start + length);
        expect(json.startsWith('\\" ', start + length)).toBe(true);
      }),
      RUNS,
    );
  });

  it('is the same by the quick search for texts without quotes, backslashes and line breaks, and -1 for others', () => {
    fc.assert(
      fc.property(text, text, (value, next) => {
        const { json, start, length } = record(value, next);
        expect(unescapedClosingQuote(json, start)).toBe(/["\\\n]/.test(value) ? -1 : start + length);
      }),
      RUNS,
    );
  });

  it('is -1 when the text of the record ends first', () => {
    fc.assert(
      fc.property(text, (value) => {
        // The line is cut before its own closing quote.
        const line = escapeJson(JSON.stringify(value).slice(0, -1));
        const json = `{"log":"${line}","time":"x"}\n{"log":"\\"next\\""}`;
        const start = '{"log":"\\"'.length;
        expect(escapedClosingQuote(json, start)).toBe(-1);
        expect(unescapedClosingQuote(json, start)).toBe(-1);
      }),
      RUNS,
    );
  });
});

it('counts the backslashes directly before a place', () => {
  fc.assert(
    fc.property(text, fc.nat(20), (value, count) => {
      const before = `${value}x${'\\'.repeat(count)}`;
      expect(backslashesBefore(`${before}"`, before.length)).toBe(count);
    }),
  );
  expect(backslashesBefore('\\\\"', 2)).toBe(2);
  expect(backslashesBefore('"', 0)).toBe(0);
});
