import { describe, expect, it } from '@jest/globals';
import type { TailedRow } from '../../../local/console/tail.js';
import { compileFilter, type TailFilter } from '../../../local/tail/filter.js';
import { renderRow } from '../../../local/tail/render.js';

const ts = '2026-11-22 16:41:02.123';
const access = (status: number, path = '/'): TailedRow => ({
  type: 'access',
  row: { ts, service: 'web', method: 'GET', path, status, duration_ms: 12.5 },
});
const entry = (level: string | undefined, message: string, more: object = {}): TailedRow => ({
  type: level === 'error' ? 'error' : 'app',
  row: { ts, service: 'pay', ...(level && { level }), message, ...more },
});

describe('compileFilter', () => {
  it.each<[string, TailFilter, TailedRow, boolean]>([
    ['nothing asked for', {}, entry(undefined, 'x'), true],
    ['the service', { service: 'pay' }, entry('info', 'x'), true],
    ['a glob', { service: 'p*' }, entry('info', 'x'), true],
    ['another service', { service: 'pay' }, access(200), false],
    ['the type', { types: ['access', 'error'] }, access(200), true],
    ['another type', { types: ['error'] }, entry('info', 'x'), false],
    ['a higher level', { level: 'warn' }, entry('error', 'x'), true],
    ['a lower level', { level: 'warn' }, entry('info', 'x'), false],
    ['no level', { level: 'debug' }, entry(undefined, 'x'), false],
    ['a 500 at level error', { level: 'error' }, access(500), true],
    ['a 404 at level error', { level: 'error' }, access(404), false],
    ['a value that matches', { grep: /GET|declined/u }, entry('info', 'card declined'), true],
    ['values that do not match', { grep: /^declined/u }, entry('info', 'card declined'), false],
  ])('%s', (_, filter, row, shown) => {
    expect(compileFilter(filter)(row)).toBe(shown);
  });
});

describe('renderRow', () => {
  const plain = (row: TailedRow) => renderRow(row, { color: false });

  it('shows a request', () => {
    expect(plain(access(404, '/tea'))).toBe('16:41:02.123 web          warn  404 GET /tea 12.5 ms');
  });

  it('shows an entry, with its stack below', () => {
    const stack = 'Error: no card\n    at pay (pay.js:1)';
    expect(plain(entry('error', 'no card', { exception: 'Error', stack }))).toBe(
      '16:41:02.123 pay          error Error: no card\n        at pay (pay.js:1)',
    );
  });

  it('lets no log line steer the terminal', () => {
    expect(plain(entry('info', 'a\u001b[2J\u0007b'))).toBe('16:41:02.123 pay          info  ab');
  });
});
