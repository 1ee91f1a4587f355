import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { undress, unwrap } from '../../../shared/text/lineDress.js';

const control = '\u001b';

describe('undress', () => {
  it.each([
    ['up\r', 'up'],
    ['up \r\n', 'up '],
    ['\ufeffup', 'up'],
    [`\ufeff${control}[32mup${control}[0m\r`, 'up'],
    ['\tat a.B.c(B.java:1)', '\tat a.B.c(B.java:1)'],
    ['up\r\n  and running', 'up\r\n  and running'],
    ['', ''],
  ])('%j is %j', (text, expected) => {
    expect(undress(text)).toBe(expected);
  });

  it('gives back any text that ends in no line break, whatever is put around it', () => {
    const plain = fc
      .string({ unit: 'binary' })
      .filter((text) => !/[\r\n]$/.test(text) && !text.includes(control) && !text.startsWith('\ufeff'));
    const start = fc.constantFrom('', '\ufeff', `${control}[0m`, `${control}[1;31m`);
    const end = fc.constantFrom('', '\r', '\r\n', '\n', `${control}[0m`, `${control}[0m\r`);
    fc.assert(
      fc.property(start, plain, end, (before, text, after) => {
        expect(undress(before + text + after)).toBe(text);
      }),
    );
  });
});

describe('unwrap', () => {
  const time = '2026-11-22T16:41:02.123456789Z';
  it.each([
    [`${time} stdout F up`, { line: 'up', time, fields: [['stream', 'stdout']] }],
    [`${time} stderr F   at a`, { line: '  at a', time, fields: [['stream', 'stderr']] }],
    [
      `${time} stdout P half`,
      {
        line: 'half',
        time,
        fields: [
          ['stream', 'stdout'],
          ['logtag', 'P'],
        ],
      },
    ],
    [`${time} stdout F`, { line: '', time, fields: [['stream', 'stdout']] }],
    [`${time} stdout F a\n${time} stdout F b`, { line: 'a\nb', time, fields: [['stream', 'stdout']] }],
    ['web-1  | up', { line: 'up', fields: [['container', 'web-1']] }],
    ['shop_web_1     |   at a', { line: '  at a', fields: [['container', 'shop_web_1']] }],
    ['web-1  | a\nweb-1  |   b', { line: 'a\n  b', fields: [['container', 'web-1']] }],
    ['0|web  | up', { line: 'up', fields: [['container', 'web']] }],
  ])('%j holds a line', (text, expected) => {
    expect(unwrap(text)).toEqual(expected);
  });

  it.each([
    '2026-11-22T16:41:02Z stdout was closed',
    '2026-11-22 16:41:02.123 | INFO | up',
    'INFO | up',
    'error | no stock',
    'cat a.log | grep x',
    '2 | 3',
    ' web-1  | up',
    '',
  ])('%j is a line itself', (text) => {
    expect(unwrap(text)).toBeUndefined();
  });

  it('gives back any line that a runtime wrapped', () => {
    const line = fc.string({ unit: 'binary' }).filter((text) => !text.includes('\n'));
    const name = fc.stringMatching(/^[a-z][a-z0-9_.-]{0,40}-\d$/);
    const spaces = fc.stringMatching(/^ {1,9}$/);
    fc.assert(
      fc.property(line, name, spaces, fc.constantFrom('stdout', 'stderr'), (text, container, gap, stream) => {
        expect(unwrap(`${time} ${stream} F ${text}`)).toEqual({ line: text, time, fields: [['stream', stream]] });
        expect(unwrap(`${container}${gap}| ${text}`)).toEqual({ line: text, fields: [['container', container]] });
      }),
    );
  });

  it('is linear on hostile text', () => {
    for (const start of ['', 'web-1  | ', `${time} stdout F `]) {
      for (const piece of [' ', ' | ', 'a', '\nweb-1  | ', `\n${time} stdout F `, '\n2026-11-22T16:41:02.']) {
        const began = performance.now();
        unwrap(start + piece.repeat(100_000));
        expect({ start, piece, slow: performance.now() - began > 3000 }).toEqual({ start, piece, slow: false });
      }
    }
  });
});
