import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { morgan } from '../../../../../shared/parse/formats/access/morgan.js';

const request = { method: 'GET', path: '/a', query: 'b=c' };

it.each([
  ['dev, coloured', morgan.samples[0]?.line, { ...request, status: 304, duration_ms: 4.123 }, []],
  ['dev', 'GET /a?b=c 200 4.123 ms - 12', { ...request, status: 200, duration_ms: 4.123, bytes: 12 }, []],
  ['dev of an aborted request', '\u001b[0mGET /a?b=c \u001b[0m-\u001b[0m - ms - -\u001b[0m', request, []],
  ['tiny', 'GET /a?b=c 200 12 - 4.123 ms', { ...request, status: 200, duration_ms: 4.123, bytes: 12 }, []],
  ['tiny of an aborted request', 'GET /a?b=c - - - - ms', request, []],
  [
    'short',
    '::1 - GET /a?b=c HTTP/1.1 200 12 - 4.123 ms',
    { ...request, protocol: 'HTTP/1.1', client_ip: '::1', status: 200, duration_ms: 4.123, bytes: 12 },
    [],
  ],
  [
    'short with a user',
    '::1 Anna Bell GET /a?b=c HTTP/1.1 200 - - 0.5 ms',
    { ...request, protocol: 'HTTP/1.1', client_ip: '::1', status: 200, duration_ms: 0.5 },
    [['remote_user', 'Anna Bell']],
  ],
])('reads %s', (_, line, columns, fields) => {
  expect(morgan.parse(line ?? '')).toEqual({ type: 'access', columns, fields });
});

it.each([
  'took 4 ms',
  'GET took 12 of them - 4 ms',
  'query 1 2 - 4 ms',
  'GET a b 200 12 - 4 ms',
  'A 200 4 ms - 1',
  ' ms',
  '',
])('leaves %j to others', (line) => {
  expect(morgan.parse(line)).toBeUndefined();
});

it('gives back what was written, in every format', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'M-SEARCH', 'PROPFIND'),
      fc.webPath(),
      fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
      fc.option(fc.nat(), { nil: undefined }),
      fc.nat({ max: 99_999_999 }),
      fc.constantFrom('dev', 'tiny', 'short'),
      (method, webPath, status, bytes, microseconds, format) => {
        const path = `/${webPath}`;
        const ms = (microseconds / 1000).toFixed(3);
        const lines = {
          dev: `\u001b[0m${method} ${path} \u001b[32m${status ?? '-'}\u001b[0m ${ms} ms - ${bytes ?? '-'}\u001b[0m`,
          tiny: `${method} ${path} ${status ?? '-'} ${bytes ?? '-'} - ${ms} ms`,
          short: `10.0.0.1 - ${method} ${path} HTTP/1.1 ${status ?? '-'} ${bytes ?? '-'} - ${ms} ms`,
        };
        expect(morgan.parse(lines[format as keyof typeof lines])).toEqual({
          type: 'access',
          columns: {
            method,
            path,
            ...(status !== undefined && { status }),
            ...(bytes !== undefined && { bytes }),
            duration_ms: Number(ms),
            ...(format === 'short' && { client_ip: '10.0.0.1', protocol: 'HTTP/1.1' }),
          },
          fields: [],
        });
      },
    ),
  );
});

it('is read in time that grows with its length only', () => {
  for (const piece of [' ms', ' - ', ' ms - ', '\u001b[', 'GET ', '1'])
    morgan.parse(`GET / ${piece.repeat(200_000)} 4 ms`);
});
