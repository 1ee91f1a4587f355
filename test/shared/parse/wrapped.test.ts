import { expect, it } from '@jest/globals';
import { parseLine } from '../../../shared/parse/index.js';

const lines = [
  '203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 157 "-" "curl/8"',
  '{"level":"error","msg":"db down","time":"2026-11-22T16:41:02Z"}',
  '2026-11-22T16:41:02.000Z ERROR 1 --- [main] c.s.App : db down',
  'ERROR:billing:charge failed',
  '    at reserve (file:///app/stock.mjs:4:9)',
  'listening on :8080',
];
const control = '\u001b';
const time = '2026-11-22T16:41:09.123456789Z';

it.each([
  ['a carriage return', (line: string) => `${line}\r`],
  ['a line break', (line: string) => `${line}\r\n`],
  ['a byte order mark', (line: string) => `\ufeff${line}`],
  ['colours', (line: string) => `${control}[32m${line}${control}[0m`],
])('a line with %s is read as without', (_, dress) => {
  for (const line of lines) expect(parseLine(dress(line))).toEqual(parseLine(line));
});

it.each(lines.slice(0, 4))('%j is read between spaces and tabs', (line) => {
  expect(parseLine(` \t${line}`)).toEqual(parseLine(line));
  expect(parseLine(`${line} \t`)).toEqual(parseLine(line));
});

it.each([
  ['containerd', (line: string) => `${time} stderr F ${line}`, [['stream', 'stderr']], time],
  [
    'Docker',
    (line: string) => JSON.stringify({ log: `${line}\n`, stream: 'stderr', time }),
    [['stream', 'stderr']],
    time,
  ],
  ['Docker Compose', (line: string) => `web-1  | ${line}`, [['container', 'web-1']], undefined],
  [
    'Docker Compose within Docker',
    (line: string) => JSON.stringify({ log: `web-1  | ${line}\n`, stream: 'stderr', time }),
    [
      ['container', 'web-1'],
      ['stream', 'stderr'],
    ],
    time,
  ],
])('a line that %s wrapped keeps its columns, and its own time if it has one', (_, wrap, fields, wrappedAt) => {
  for (const line of lines) {
    const own = parseLine(line);
    const at = wrappedAt === undefined ? undefined : Date.parse(wrappedAt);
    expect(parseLine(wrap(line))).toEqual({ ...own, time: own.time ?? at, fields: [...own.fields, ...fields] });
  }
});
