import { describe, expect, it } from '@jest/globals';
import { readRecording } from '../fluent-bit/recording.js';
import { shop } from './lines.js';
import { rowsOfAccepted } from './rows.js';

const task = '0123456789abcdef0123456789abcdef';

/** Who wrote the lines, as each way says it; `streams` is whether it tells standard output from standard error. */
const ways = [
  { way: 'kubernetes', web: 'web-6d4cf56db6-x7k2p', worker: 'worker-5b7f8d9c4d-q2w9z', cluster: 'prod', streams: true },
  { way: 'compose', web: 'shop_web_1', worker: 'shop_worker_1', cluster: 'shop', streams: true },
  { way: 'ecs-on-ec2', web: task, worker: task, cluster: 'prod', streams: true },
  { way: 'host', web: 'web-1', worker: expect.any(String), cluster: 'prod', streams: false },
  { way: 'opentelemetry', web: 'web-0', worker: 'worker-0', cluster: 'prod', streams: true },
  { way: 'vector', web: 'web-1', worker: 'shop-worker-1', cluster: 'prod', streams: false },
];

describe.each(ways)('what was sent by the way $way', ({ way, web, worker, cluster, streams }) => {
  it('becomes the rows that it becomes by any other', async () => {
    const { accepted } = await readRecording(`test/fixtures/wire/way-${way}.ndjson.gz`);
    const rows = await rowsOfAccepted(accepted);
    const of = (service: string, task: unknown, source: string) =>
      expect.objectContaining({ service, task, cluster, ...(streams ? { source } : {}) });
    expect(rows).toHaveLength(4);
    const [access, cart, long, error] = [
      rows.find(({ type }) => type === 'access'),
      rows.find(({ message }) => message === 'cart loaded'),
      rows.find(({ message }) => String(message).includes('export')),
      rows.find(({ type }) => type === 'error'),
    ];
    expect(access).toEqual(of('web', web, 'stdout'));
    expect(access).toMatchObject({ ts: '2026-11-29 21:00:00.000', path: '/cart', status: 200 });
    expect(cart).toEqual(of('web', web, 'stdout'));
    expect(cart).toMatchObject({ type: 'app', ts: '2026-11-29 21:00:01.250', level: 'info' });
    expect(JSON.parse(String(cart?.fields))).toMatchObject({ order: 7 });
    expect(long).toEqual(of('worker', worker, 'stdout'));
    expect(fromExport(long?.message)).toBe(fromExport(shop.worker.stdout[0]));
    expect(error).toEqual(of('worker', worker, 'stderr'));
    expect(error).toMatchObject({ exception: 'java.lang.IllegalStateException' });
    expect(String(error?.stack).split('\n')).toHaveLength(3);
  });
});

/** OTLP says what a record's time is, so the line keeps its own. */
function fromExport(line: unknown): string {
  return String(line).slice(String(line).indexOf('export'));
}
