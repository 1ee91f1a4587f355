import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Form } from '../../../shared/forward/form.js';
import { datadogForm } from '../../../shared/forward/forms/datadog.js';
import { httpForm } from '../../../shared/forward/forms/http.js';
import { otlpForm } from '../../../shared/forward/forms/otlp.js';
import { partialSuccess } from '../../../shared/forward/forms/partialSuccess.js';
import { type LandedRow, parseRow } from '../../../shared/forward/landedRow.js';
import { datadog } from '../../../shared/limits.js';
import { type LogType, logTypes } from '../../../shared/line/schema/index.js';

const errorRow = {
  ts: '2026-11-22 16:41:02.123',
  service: 'pay',
  source: 'stderr',
  task: '0a1b2c',
  cluster: 'prod',
  level: 'fatal',
  message: 'card declined',
  logger: 'card',
  exception: 'PaymentError',
  stack: 'PaymentError: no\n  at a (b.js:1)',
  fingerprint: 'eded5fc9b2449ed3',
  trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  span_id: '00f067aa0ba902b7',
  request_id: 'r-1',
  fields: '{"order":7,"status":"open","paid":false,"tries":[1,2.5],"who":{"id":"x"}}',
  record: '79cc5S5WbcsmoKxiBpt6P',
  line: 3,
};
const accessRow = {
  ts: '2026-11-22 16:41:02.123',
  service: 'web',
  client_ip: '203.0.113.9',
  method: 'GET',
  path: '/a',
  query: 'b=c',
  protocol: 'HTTP/1.1',
  status: 503,
  bytes: 12,
  duration_ms: 4.5,
  user_agent: 'curl/8',
  record: '79cc5S5WbcsmoKxiBpt6P',
  line: 4,
};

function rowOf(columns: object, type: LogType = 'error'): LandedRow {
  const row = parseRow(Buffer.from(JSON.stringify(columns)), type);
  if (!row) throw new Error('no row');
  return row;
}
const shown = (form: Form, columns: object, type?: LogType) => JSON.parse(form.entry(rowOf(columns, type)).json);

describe('an entry for Datadog', () => {
  const form = datadogForm({ tags: { env: 'prod', team: 'shop' } });

  it('has what Datadog knows under its names, and the rest of the row as attributes', () => {
    expect(shown(form, errorRow)).toEqual({
      message: 'card declined',
      ddsource: 'firesplit',
      ddtags: 'env:prod,team:shop,log_type:error,ecs_cluster_name:prod',
      hostname: '0a1b2c',
      service: 'pay',
      status: 'critical',
      timestamp: Date.parse('2026-11-22T16:41:02.123Z'),
      logger: { name: 'card' },
      error: { kind: 'PaymentError', stack: 'PaymentError: no\n  at a (b.js:1)', fingerprint: 'eded5fc9b2449ed3' },
      // The lower half of 128 bits: 0xa3ce929d0e0e4736.
      dd: { trace_id: '11803532876627986230', span_id: '67667974448284343' },
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
      span_id: '00f067aa0ba902b7',
      request_id: 'r-1',
      firesplit: { id: '79cc5S5WbcsmoKxiBpt6P:3', source: 'stderr' },
      order: 7,
      paid: false,
      tries: [1, 2.5],
      who: { id: 'x' },
      // Datadog would take it for the level.
      fields: { status: 'open' },
    });
  });

  it.each([
    [{ trace_id: '11803532876627986230', span_id: '67667974448284343' }, '11803532876627986230', '67667974448284343'],
    [{ trace_id: 'a3ce929d0e0e4736', span_id: 'ff' }, '11803532876627986230', undefined],
    [{ fields: '{"dd":{"trace_id":"1","span_id":"2"}}' }, '1', '2'],
    [{ trace_id: 'Root=1-67891233-abcdef012345678912345678' }, undefined, undefined],
  ])('knows the trace of %j', (columns, trace, span) => {
    const { dd = {} } = shown(form, { message: 'm', ...columns });
    expect([dd.trace_id, dd.span_id]).toEqual([trace, span]);
  });

  it.each([
    ['trace', 'debug'],
    ['warn', 'warn'],
    ['error', 'error'],
  ])('has for the level %s the status %s', (level, status) => {
    expect(shown(form, { message: 'm', level }, 'app').status).toBe(status);
  });

  it.each([
    ['error', {}, 'error'],
    ['app', {}, 'info'],
    ['access', { status: 200 }, 'info'],
    ['access', { status: 404 }, 'warn'],
    ['access', { status: 500 }, 'error'],
  ] as const)('has a status for %s without a level, %j', (type, columns, status) => {
    expect(shown(form, { message: 'm', ...columns }, type).status).toBe(status);
  });

  it('says of a request what was asked and answered', () => {
    expect(shown(form, accessRow, 'access')).toMatchObject({
      message: 'GET /a?b=c HTTP/1.1 503',
      status: 'error',
      http: { method: 'GET', url: '/a?b=c', status_code: 503, version: 'HTTP/1.1', useragent: 'curl/8' },
      network: { client: { ip: '203.0.113.9' }, bytes_written: 12 },
      duration: 4_500_000,
    });
  });
});

describe('a log record of OTLP', () => {
  const form = otlpForm({ resource: { 'deployment.environment.name': 'prod' } });
  const text = (stringValue: string) => ({ stringValue });

  it('has the names of the semantic conventions, and ids in hexadecimal', () => {
    const entry = form.entry(rowOf(errorRow));
    const { resourceLogs } = JSON.parse(form.body([entry]));
    expect(resourceLogs[0].resource.attributes).toEqual([
      { key: 'service.name', value: text('pay') },
      { key: 'aws.ecs.task.id', value: text('0a1b2c') },
      { key: 'aws.ecs.cluster.name', value: text('prod') },
      { key: 'deployment.environment.name', value: text('prod') },
    ]);
    const [record] = resourceLogs[0].scopeLogs[0].logRecords;
    expect(record).toMatchObject({
      timeUnixNano: '1795365662123000000',
      severityNumber: 21,
      severityText: 'fatal',
      body: text('card declined'),
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
    });
    const attributes = Object.fromEntries(
      record.attributes.map(({ key, value }: { key: string; value: unknown }) => [key, value]),
    );
    expect(attributes).toMatchObject({
      'log.record.uid': text('79cc5S5WbcsmoKxiBpt6P:3'),
      'exception.type': text('PaymentError'),
      order: { intValue: '7' },
      paid: { boolValue: false },
      tries: { arrayValue: { values: [{ intValue: '1' }, { doubleValue: 2.5 }] } },
      who: { kvlistValue: { values: [{ key: 'id', value: text('x') }] } },
    });
    expect(attributes).not.toHaveProperty('trace_id');
  });

  it('has an id of another kind as an attribute', () => {
    const { traceId, attributes } = shown(form, { message: 'm', trace_id: '12' });
    expect(traceId).toBeUndefined();
    expect(attributes).toContainEqual({ key: 'trace_id', value: text('12') });
  });

  it('writes the resource of neighbours once, and keeps their order', () => {
    const services = ['a', 'a', 'b', 'a'];
    const entries = services.map((service, line) => form.entry(rowOf({ message: `${line}`, service })));
    const { resourceLogs } = JSON.parse(form.body(entries));
    const bodies = resourceLogs.map(({ scopeLogs }: { scopeLogs: { logRecords: { body: unknown }[] }[] }) =>
      scopeLogs[0]?.logRecords.map(({ body }) => body),
    );
    expect(bodies).toEqual([[text('0'), text('1')], [text('2')], [text('3')]]);
  });
});

describe.each([
  ['{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"no body"}}', 3],
  ['{"partialSuccess":{"rejectedLogRecords":0,"errorMessage":"careful"}}', undefined],
  ['{}', undefined],
  ['', undefined],
  ['ok', undefined],
  ['null', undefined],
])('the answer %s of OTLP', (body, rejected) => {
  it(`says that ${rejected ?? 'none'} were rejected`, () => {
    expect(partialSuccess(body)).toMatchObject({ result: 'accepted', ...(rejected ? { rejected } : {}) });
  });
});

describe('a row for a server of one’s own', () => {
  it('is as it is stored, with its type and id', () => {
    expect(shown(httpForm({}), errorRow)).toEqual({ type: 'error', id: '79cc5S5WbcsmoKxiBpt6P:3', ...errorRow });
  });

  it('goes out as lines, or as an array', () => {
    const body = (form: Form) => form.body([1, 2].map((line) => form.entry(rowOf({ line }))));
    expect(body(httpForm({}))).toBe('{"type":"error","line":1}\n{"type":"error","line":2}\n');
    expect(JSON.parse(body(httpForm({ body: 'json' })))).toEqual([
      { type: 'error', line: 1 },
      { type: 'error', line: 2 },
    ]);
  });
});

const forms: readonly [string, Form][] = [
  ['Datadog', datadogForm({ tags: { env: 'prod' } })],
  ['OTLP', otlpForm({ resource: { env: 'prod' } })],
  ['HTTP, lines', httpForm({})],
  ['HTTP, an array', httpForm({ body: 'json' })],
];

// What holds for every form: a new one is a line in `forms`.
describe.each(forms)('any row for %s', (_name, form) => {
  const texts = fc.string({ unit: fc.constantFrom('a', '"', '\\', 'é', '€', '😀', '\n', '\u0000', '\ud800') });
  const rows = fc.record(
    {
      type: fc.constantFrom(...logTypes),
      message: texts,
      service: texts,
      stack: texts,
      fields: fc.oneof(
        texts,
        fc.json(),
        fc.dictionary(texts, fc.jsonValue()).map((value) => JSON.stringify(value)),
      ),
      level: fc.constantFrom('info', 'error', 'odd'),
      trace_id: fc.oneof(texts, fc.stringMatching(/^[0-9a-f]{32}$/)),
      line: fc.nat(),
      record: fc.constant('r'),
    },
    { requiredKeys: ['type'] },
  );

  it('is JSON, in a body no larger than its entries say', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 5 }), (given) => {
        const entries = given.map(({ type, ...columns }) => form.entry(rowOf(columns, type)));
        for (const { json } of entries) expect(JSON.parse(json)).toBeInstanceOf(Object);
        const bytes = entries.reduce((sum, entry) => sum + entry.bytes, form.overhead);
        expect(Buffer.byteLength(form.body(entries))).toBeLessThanOrEqual(bytes);
        // A lone surrogate, escaped, is no text to many readers.
        expect(form.body(entries)).not.toMatch(/(?<!\\)(?:\\\\)*\\ud[89a-f]/);
      }),
    );
  });

  it('is cut where it is too long, and says so, with what is short left as it is', () => {
    const long = fc.record({
      unit: fc.constantFrom('a', '"', 'é', '😀'),
      times: fc.integer({ min: 510_000, max: 700_000 }),
    });
    fc.assert(
      fc.property(long, fc.constantFrom('message', 'stack'), ({ unit, times }, column) => {
        const { json, bytes } = form.entry(rowOf({ ...errorRow, [column]: unit.repeat(times * 2) }));
        expect(bytes).toBeLessThanOrEqual(datadog.maxEntryBytes + 1);
        // Not the whole text in a failure.
        expect(/… \[\d+ bytes cut by firesplit\]/.test(json)).toBe(true);
        expect(json.includes('79cc5S5WbcsmoKxiBpt6P:3')).toBe(true);
        expect(bytes).toBeGreaterThan(datadog.maxEntryBytes / 8);
      }),
      { numRuns: 5 },
    );
  });

  it('is written however deep it nests', () => {
    for (const depth of [40, 400, 4000]) {
      const nested = `${'{"a":'.repeat(depth)}"x"${'}'.repeat(depth)}`;
      for (const message of ['m', 'é'.repeat(600_000)]) {
        const { json, bytes } = form.entry(rowOf({ message, fields: `{"order":7,"deep":${nested}}` }, 'app'));
        expect(bytes).toBeLessThanOrEqual(datadog.maxEntryBytes + 1);
        expect(json).toContain('order');
      }
    }
  });

  it('is not too large with thousands of members either', () => {
    const many = Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`key-${index}`, `value ${index}`]));
    const { json, bytes } = form.entry(rowOf({ message: 'm', fields: JSON.stringify(many) }));
    expect(bytes).toBeLessThanOrEqual(datadog.maxEntryBytes + 1);
    expect(JSON.parse(json)).toBeInstanceOf(Object);
  });
});
