import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeadParts } from '../../../../shared/parse/head/headParts.js';
import { readUntilLevel } from '../../../../shared/parse/head/levelInHead.js';
import { parseLine } from '../../../../shared/parse/index.js';
import { parseLevel } from '../../../../shared/parse/values/level.js';
import { instants, iso } from '../../../helpers/formats.js';

it.each([
  ['2026-11-22 16:41:02 ERROR cart: x', 'level', 'ERROR', ' cart: x'],
  ['2026-11-22 16:41:02 error opening file', 'all', 'error', 'error opening file'],
  ['2026-11-22 16:41:02|cart|WARN|x', 'all', 'WARN', 'x'],
  ['[worker 3/INFO]: x', 'level', 'INFO', ': x'],
  ['2026-11-22 16:41:02 *ERROR* x', 'level', 'ERROR', ' x'],
])('%j is read as %s with %s, before %j', (line, found, level, rest) => {
  const head = new HeadParts(line, line.length);
  expect(readUntilLevel(head)).toBe(found);
  expect([head.level, line.slice(head.at)]).toEqual([level, rest]);
});

it.each(['out of stock', '2026-11-22 16:41:02 out of stock', ''])('%j has no head', (line) => {
  expect(readUntilLevel(new HeadParts(line, line.length))).toBeUndefined();
});

describe('prose', () => {
  const word = fc.oneof(
    fc.stringMatching(/^[a-z]{1,9}$/),
    fc.constantFrom('error', 'ERROR', 'warning', 'INFO', 'fatal', '[ERROR]', 'Error', 'panic', 'E', '-', '|', '(main)'),
  );
  const start = fc
    .tuple(fc.stringMatching(/^[A-Z]?[a-z]{2,8}$/), fc.stringMatching(/^[a-z]{1,8}$/))
    .filter((words) => words.every((each) => parseLevel(each) === undefined));

  it('has no level by a word within it', () => {
    fc.assert(
      fc.property(start, fc.array(word, { minLength: 1, maxLength: 8 }), ([first, second], rest) => {
        const text = [first, second, ...rest].join(' ');
        expect(parseLine(text).columns).toEqual({ message: text });
      }),
    );
  });

  it('behind a time has none either', () => {
    fc.assert(
      fc.property(instants, start, fc.array(word, { minLength: 1, maxLength: 8 }), (ms, [first, second], rest) => {
        const text = [first, second, ...rest].join(' ');
        expect(parseLine(`${iso(ms)} ${text}`)).toEqual({
          type: 'app',
          time: ms,
          columns: { message: text },
          fields: [],
        });
      }),
    );
  });

  it.each([
    '2026-11-22T16:41:02Z http: panic serving 10.0.0.7:51234: no stock',
    '2026-11-22T16:41:02Z cannot read config: ERROR 7 in line 3',
    '2026-11-22T16:41:02Z E is a letter',
    'E is a letter',
    'error budgets are fine',
    '[worker] the ERROR queue is empty',
    'Configuration 2026-11-22 has no ERROR',
  ])('%j states no level', (line) => {
    expect(parseLine(line).columns).not.toHaveProperty('level');
  });
});
