import type { AccessRow, EntryRow } from '../../shared/line/schema/index.js';

const start = Date.parse('2026-11-22T15:59:58.000Z');

/** Lines of three hours: odd characters, nulls, ties, nested fields, broken JSON. */
export const accessRows: readonly AccessRow[] = Array.from({ length: 120 }, (_, n) => ({
  ts: start + n * 61_137,
  service: ['web', 'edge', 'shop'][n % 3] ?? '',
  ...(n % 7 === 0 ? {} : { client_ip: n % 5 === 0 ? '2001:db8::1' : `10.${n % 3}.0.${n}` }),
  method: n % 4 === 0 ? 'POST' : 'GET',
  path: ['/', '/api/orders', `/products/${n % 6}`, '/ä/日本', '/api/orders?x'][n % 5] ?? '',
  ...(n % 6 === 0 ? { query: `q=a%20b&page=${n}&empty=` } : {}),
  status: [200, 200, 304, 404, 500, 503][n % 6] ?? 0,
  bytes: n % 11 === 0 ? 0 : n * n * 37,
  ...(n % 9 === 0 ? {} : { duration_ms: [0.5, 12, 1234.5678, 1e7, 3.25][n % 5] ?? 0 }),
  user_agent: n % 8 === 0 ? 'O\'Brien "bot" 1.0' : 'Mozilla/5.0 (X11; Linux)',
  host: 'shop.example.com',
  request_id: `r${n % 40}`,
  fields: accessFields(n),
}));

function accessFields(n: number): string {
  const odd = [
    '{"a":{"b":1},"list":[1,"two",null]}',
    '{"a.b":"dotted","code":"502"}',
    '{"code":502,"ok":true}',
    '{}',
    '{"x":null}',
  ];
  return odd[n % odd.length] ?? '{}';
}

export const errorRows: readonly EntryRow[] = Array.from({ length: 60 }, (_, n) => ({
  ts: start + n * 97_003,
  service: ['pay', 'cart'][n % 2] ?? '',
  level: n % 10 === 0 ? 'fatal' : 'error',
  message: ['card declined', "it's broken: `x`\nsecond line", 'TIMEOUT after 30 s', '', '10% of 5'][n % 5] ?? '',
  ...(n % 5 === 0 ? { exception: 'PaymentError', stack: 'PaymentError: no\n  at pay (a.js:1:2)' } : {}),
  logger: 'app.pay',
  fingerprint: `f${n % 5}`,
  ...(n % 4 === 0 ? { request_id: `r${n % 40}` } : {}),
  fields: accessFields(n),
}));
