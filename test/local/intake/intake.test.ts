import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Intake } from '../../../local/intake/intake.js';
import { startWebServer, type WebServer } from '../../helpers/webServer.js';

let intake: Intake;
let server: WebServer;
let counts: number[];

beforeEach(async () => {
  intake = new Intake();
  counts = [];
  intake.on('forwarded', (count) => counts.push(count));
  server = await startWebServer((request, response) => void intake.handle(request, response));
});
afterEach(() => server.stop());

const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}/intake${path}`, {
    method: 'POST',
    body: gzipSync(body),
    headers: { 'content-encoding': 'gzip', ...headers },
  });
const toDatadog = (body: string) => post('/api/v2/logs', body, { 'dd-api-key': 'local' });

describe('the intake', () => {
  it('answers as Datadog does, and shows the latest first', async () => {
    expect((await toDatadog('[{"message":"one"},{"message":"<b>two"}]')).status).toBe(202);
    const latest = (await (await fetch(`${server.url}/intake`)).json()) as object;
    expect(latest).toMatchObject({ total: 2, entries: [{ api: 'datadog', entry: { message: '<b>two' } }, {}] });
    const page = await fetch(`${server.url}/intake`, { headers: { accept: 'text/html' } });
    const html = await page.text();
    expect(html).toContain('&lt;b&gt;two');
    expect(html).not.toContain('<b>two');
    expect(counts).toEqual([2]);
  });

  it.each([
    ['/v1/logs', '{"resourceLogs":[{"resource":{},"scopeLogs":[{"logRecords":[{"body":{}},{"body":{}}]}]}]}', 2],
    ['', '{"a":1}\n{"a":2}\n{"a":3}\n', 3],
    ['', '[{"a":1}]', 1],
  ])('takes what goes to %s', async (path, body, count) => {
    expect((await post(path, body)).status).toBe(200);
    expect(counts).toEqual([count]);
  });

  it.each([
    ['no key', () => post('/api/v2/logs', '[]'), 401],
    ['no JSON', () => toDatadog('{'), 400],
    [
      'no gzip',
      () => fetch(`${server.url}/intake`, { method: 'POST', body: 'x', headers: { 'content-encoding': 'gzip' } }),
      400,
    ],
    ['1,001 entries', () => toDatadog(JSON.stringify(Array.from({ length: 1001 }, () => ({})))), 413],
    ['more than 5 MB', () => toDatadog(JSON.stringify([{ message: 'x'.repeat(5_000_000) }])), 413],
  ])('refuses %s', async (_what, request, status) => {
    expect((await request()).status).toBe(status);
    expect(counts).toEqual([]);
  });

  it('only counts what it can not keep', async () => {
    await toDatadog(JSON.stringify(Array.from({ length: 1000 }, (_, n) => ({ message: `${n}` }))));
    const latest = (await (await fetch(`${server.url}/intake`)).json()) as { total: number; entries: unknown[] };
    expect([latest.total, latest.entries.length]).toEqual([1000, 500]);
  });
});
