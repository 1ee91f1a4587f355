import { describe, expect, it } from '@jest/globals';
import type { Config } from '../../../shared/config/config.js';
import { Origin } from '../../../shared/line/origin.js';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { fireLens } from '../../helpers/firehose.js';

interface Stored {
  readonly type: string;
  readonly [column: string]: unknown;
}

/** What a configuration makes of some FireLens records, with `fields` parsed. */
function read(
  config: Config,
  records: readonly string[],
): { rows: Stored[]; shown: string[]; counts: Record<string, unknown> } {
  const rows: Stored[] = [];
  const shown: string[] = [];
  const policy = compilePolicy(config);
  const sink = {
    row: (type: string, json: string) => {
      const row = JSON.parse(fromBinary(json));
      rows.push({ type, ...row, fields: JSON.parse(row.fields ?? '{}') });
    },
    entry: () => undefined,
    access: (json: string) => void shown.push(JSON.parse(fromBinary(json)).path),
    blank: () => undefined,
  };
  const reader = new RecordReader(policy);
  // An invocation for each, so that the rows come in the order of the records.
  for (const record of records) {
    const reading = reader.begin(sink);
    const data = Buffer.from(record).toString('base64');
    reading.read({ recordId: '1', approximateArrivalTimestamp: 1795365696256, data });
    reading.end();
  }
  const { dropped, sampled } = policy.takeCounts();
  return { rows, shown, counts: { dropped: Object.fromEntries(dropped), sampled: Object.fromEntries(sampled) } };
}

const access = (path: string, agent = 'curl') =>
  `203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET ${path} HTTP/1.1" 200 12 "-" "${agent}"`;

/** An access line without a request. */
const connection = '203.0.113.9:41342 [22/Nov/2026:16:41:02.143] tcp-in db/pg1 1/0/5012 2048 -- 1/1/0/0/0 0/0';

describe('services', () => {
  it('are named by a label, renamed and typed, by name or glob', () => {
    const config: Config = {
      service_from: ['labels.com.example.service', 'ecs_task_definition'],
      services: { cart: { service: 'shop-cart' }, 'job-*': { type: 'error' }, 'web:42': { type: 'app' } },
    };
    const { rows } = read(config, [
      fireLens('one', { labels: { 'com.example.service': 'cart' } }),
      fireLens('two', { labels: { 'com.example.service': 'job-7' } }),
      fireLens(access('/')),
      fireLens(connection),
    ]);
    expect(rows.map(({ service, type }) => [service, type])).toEqual([
      ['shop-cart', 'app'],
      ['job-7', 'error'],
      ['web:42', 'app'],
      ['web:42', 'app'],
    ]);
    expect(rows[2]).toMatchObject({ message: access('/') });
    expect(rows[3]).toMatchObject({ message: connection });
    expect(rows[3]).not.toHaveProperty('client_ip');
  });

  it('go by the first name or glob that fits', () => {
    const config: Config = { services: { 'job-*': { service: 'jobs' }, 'job-7': { service: 'seven' } } };
    const { rows } = read(config, [fireLens('one', { container_name: 'job-7' })]);
    expect(rows.map(({ service }) => service)).toEqual(['jobs']);
  });
});

describe('an origin', () => {
  const config: Config = { redact: { rules: [{ name: 'tenant', pattern: 'tenant-\\d+' }] } };
  const plain = { service: 'web', source: 'stdout', task: 't', cluster: 'c' };

  it('without a secret stays the same object', () => {
    const origin = new Origin(plain, [['container_id', 'a']]);
    expect(compilePolicy(config).origin(origin)).toBe(origin);
    const bare = new Origin({});
    expect(compilePolicy(config).origin(bare)).toBe(bare);
  });

  it.each(['service', 'source', 'task', 'cluster'])('with a secret in its %s alone is redacted', (column) => {
    const clean = compilePolicy(config).origin(new Origin({ ...plain, [column]: 'x tenant-7' }));
    expect({ ...clean }).toEqual({ ...plain, [column]: 'x [redacted]', extra: [] });
  });

  it('with a secret in what else its collector said is redacted', () => {
    const clean = compilePolicy(config).origin(new Origin(plain, [['label', 'tenant-7']]));
    expect({ ...clean }).toEqual({ ...plain, extra: [['label', '[redacted]']] });
  });

  it('is named by one label, and keeps its name when the label is empty or no text', () => {
    const named = (label: unknown) =>
      compilePolicy({ service_from: ['label'] }).origin(new Origin(plain, [['label', label]])).service;
    expect([named('shop'), named(''), named(7), named(undefined)]).toEqual(['shop', 'web', 'web', 'web']);
  });
});

describe('an explicit type', () => {
  it('wins, in the line or in the record of its collector', () => {
    const config: Config = { services: { web: { type: 'app' } } };
    const { rows } = read(config, [
      fireLens('{"level":30,"msg":"a","log_type":"error"}'),
      fireLens('b', { log_type: 'error' }),
      fireLens('c', { log_type: 'nonsense' }),
      fireLens('{"level":50,"msg":"d","log_type":"access","status":1}'),
    ]);
    expect(rows.map(({ type }) => type)).toEqual(['error', 'error', 'app', 'access']);
    expect(rows[3]).toMatchObject({ fields: { level: 'error', message: 'd' } });
  });
});

describe('formats', () => {
  const config: Config = {
    services: { web: { format: 'second' } },
    formats: [
      { name: 'first', pattern: '^(?<message>x.*)$' },
      { name: 'second', pattern: '^(?<level>\\w+)\\|(?<message>.*)$', services: ['nobody'] },
      { name: 'third', keys: { message: 'what', trace_id: 'ids.trace' } },
    ],
  };

  it('are tried in order, the one of the service first, before the built-in ones', () => {
    const { rows } = read(config, [
      fireLens('ERROR|no'),
      fireLens('xERROR|no', { container_name: 'other' }),
      fireLens('{"what":"w","ids":{"trace":"t"},"n":1}'),
      fireLens('[ERROR] built in'),
    ]);
    expect(rows.map(({ type, level, message, trace_id }) => [type, level, message, trace_id])).toEqual([
      ['error', 'error', 'no', undefined],
      ['app', undefined, 'xERROR|no', undefined],
      ['app', undefined, 'w', 't'],
      ['error', 'error', '[ERROR] built in', undefined],
    ]);
    expect(rows[2]?.fields).toMatchObject({ n: 1 });
    expect(rows[2]?.fields).not.toHaveProperty('ids');
  });
});

describe('access rules', () => {
  const config: Config = {
    access: {
      drop: [{ name: 'checks', where: { user_agent: { contains: 'ELB-HealthChecker' }, path: '/health' } }],
      sample: [{ name: 'pictures', where: { path: { regex: '\\.png$' } }, keep: 0.25 }],
    },
  };
  const records = [
    fireLens(access('/')),
    fireLens(access('/health', 'ELB-HealthChecker/2.0')),
    fireLens(access('/health')),
    ...Array.from({ length: 1000 }, (_, index) => fireLens(access(`/${index}.png`))),
  ];

  it('leave lines out and count them by rule, the same lines every time', () => {
    const { rows, counts } = read(config, records);
    const pictures = rows.filter(({ path }) => String(path).endsWith('.png'));
    expect(rows.slice(0, 2).map(({ path }) => path)).toEqual(['/', '/health']);
    expect(pictures.length).toBeGreaterThan(200);
    expect(pictures.length).toBeLessThan(300);
    expect(pictures[0]).toMatchObject({ fields: { sample_keep: 0.25 } });
    expect(counts).toEqual({ dropped: { checks: 1 }, sampled: { pictures: 1000 - pictures.length } });
    expect(read(config, records).rows).toEqual(rows);
  });

  it('show alert rules what a sample stands for, and nothing that is dropped', () => {
    const { shown } = read(config, records);
    expect(shown).toEqual(['/', '/health', ...Array.from({ length: 1000 }, (_, index) => `/${index}.png`)]);
  });

  it('leave other lines to the short way when they name a word', () => {
    const policy = compilePolicy({ access: { drop: config.access?.drop ?? [] } });
    const origin = policy.origin(new Origin({ service: 'web' }));
    const line = access('/');
    expect(policy.isPlain(origin, line, 0, line.length)).toBe(true);
    const check = access('/health', 'elb-healthchecker');
    expect(policy.isPlain(origin, check, 0, check.length)).toBe(false);
    expect(compilePolicy(config).isPlain(origin, line, 0, line.length)).toBe(false);
  });
});
