import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { explain } from '../../../shared/explain/explain.js';
import type { ExplainedEntry, Explanation } from '../../../shared/explain/explanation.js';
import { jsonFormats, textFormats } from '../../../shared/parse/formats/index.js';
import { RecordReader } from '../../../shared/record/read.js';
import { toRule } from '../../../shared/rules/language/statedRule.js';
import { compileRules } from '../../../shared/rules/matching/match.js';
import type { LineConfig } from '../../../shared/treatment/lineConfig.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { columnsOf as lineColumns } from '../../helpers/rows.js';

const arrival = Date.parse('2026-11-22T17:00:00Z');
const rules = compileRules([
  toRule({ name: 'fatal', where: { level: 'fatal' }, severity: 'critical', title: 't' }),
  toRule({ name: 'declined', where: { message: { contains: 'declined' } }, severity: 'info', title: 't' }),
  toRule({
    name: 'either',
    where: { level: 'error', any: [{ message: 'a' }, { logger: 'b' }] },
    severity: 'info',
    title: 't',
  }),
  toRule({ name: 'not-shop', where: { not: { service: 'shop' } }, severity: 'info', title: 't' }),
  toRule({
    name: 'failing',
    type: 'ratio',
    on: ['access'],
    of: { status: { gte: 500 } },
    above: 0.5,
    window: '5m',
    severity: 'critical',
    title: 't',
  }),
]);

function explained(text: string, config: LineConfig = {}): Explanation {
  return explain(text, { service: 'shop', source: 'stdout', arrival }, compilePolicy(config), rules);
}

/** The only entry of the lines. */
function only(text: string, config?: LineConfig): ExplainedEntry {
  const { entries } = explained(text, config);
  const [entry] = entries;
  if (!entry || entries.length > 1) throw new Error(`${entries.length} entries`);
  return entry;
}

/** Of each column, its value and where it comes from. */
function columnsOf({ columns }: ExplainedEntry) {
  return Object.fromEntries(columns.map(({ name, value, from }) => [name, [value, from]]));
}

const text = (start: number, end: number, written?: string) => ({
  kind: 'text',
  start,
  end,
  ...(written !== undefined && { written }),
});

const access =
  '203.0.113.9 - bob [22/Nov/2026:16:41:02 +0000] "GET /a?token=abcdef123456 HTTP/1.1" 200 512 "-" "curl/8" 0.123';

describe('explain', () => {
  it('tells of an access line which part each column comes from, and what was taken out', () => {
    const entry = only(access);
    expect(entry).toMatchObject({
      format: 'combined',
      lines: 1,
      type: 'access',
      typeReason: { by: 'format', format: 'combined' },
      redacted: [{ rule: 'tokens', count: 1 }],
      fingerprint: undefined,
      prefix: 'logs/type=access/arrived=2026-11-22-17/',
      storage: { kind: 'stored' },
      fields: [{ key: 'remote_user', value: 'bob', from: 'line' }],
      rules: [{ name: 'failing', matches: true, key: 'shop', counts: false }],
    });
    expect(columnsOf(entry)).toEqual({
      ts: ['2026-11-22 16:41:02.000', text(19, 45, '22/Nov/2026:16:41:02 +0000')],
      service: ['shop', { kind: 'given' }],
      source: ['stdout', { kind: 'given' }],
      client_ip: ['203.0.113.9', text(0, 11)],
      method: ['GET', text(48, 51)],
      path: ['/a', text(52, 54)],
      query: ['token=[redacted]', text(55, 73)],
      protocol: ['HTTP/1.1', text(74, 82)],
      status: [200, text(84, 87)],
      bytes: [512, text(88, 91)],
      user_agent: ['curl/8', text(97, 103)],
      duration_ms: [123, text(105, 110, '0.123')],
    });
    expect(JSON.stringify(entry)).not.toContain('abcdef');
  });

  it('tells of a JSON line which key each column comes from', () => {
    const line = {
      time: '2026-11-22T16:41:02Z',
      level: 50,
      msg: 'card declined',
      password: 'hunter2',
      err: { type: 'CardError', stack: 'CardError: no\n    at pay (/app/pay.js:10:5)' },
    };
    const entry = only(JSON.stringify(line));
    expect(entry).toMatchObject({
      format: 'application-json',
      type: 'error',
      typeReason: { by: 'level', level: 'error' },
      redacted: [{ rule: 'passwords', count: 1 }],
      fields: [{ key: 'password', value: '[redacted]', from: 'line' }],
      fingerprint: { exception: 'CardError', logger: '', message: 'card declined', frames: ['at pay (/app/pay.js:#)'] },
      rules: [
        { name: 'fatal', matches: false, failed: { kind: 'column', name: 'level', expected: 'fatal', found: 'error' } },
        { name: 'declined', matches: true, key: 'shop', counts: true },
        { name: 'either', matches: false, failed: { kind: 'any' } },
        { name: 'not-shop', matches: false, failed: { kind: 'not' } },
      ],
    });
    const sources = Object.fromEntries(entry.columns.map(({ name, from }) => [name, from]));
    expect(sources).toEqual({
      ts: { kind: 'key', key: 'time' },
      service: { kind: 'given' },
      source: { kind: 'given' },
      level: { kind: 'key', key: 'level' },
      message: { kind: 'key', key: 'msg' },
      exception: { kind: 'key', key: 'err.type' },
      stack: { kind: 'key', key: 'err.stack' },
      fingerprint: { kind: 'derived', from: 'other columns' },
    });
    expect(JSON.stringify(entry)).not.toContain('hunter2');
  });

  it('names the keys of an access line in JSON, any of which makes it one', () => {
    const entry = only('{"method":"GET","path":"/a","status":404,"duration":0.5,"ip":"203.0.113.9"}');
    const keys = Object.fromEntries(entry.columns.map(({ name, from }) => [name, from.kind === 'key' && from.key]));
    expect(entry.format).toBe('access-json');
    expect(keys).toMatchObject({ method: 'method', path: 'path', status: 'status' });
  });

  it('joins the lines of a stack trace, and tells an error by it', () => {
    const trace = [
      'Unhandled problem',
      'java.lang.IllegalStateException: no stock',
      '\tat com.shop.Pay.charge(Pay.java:12)',
    ];
    const { entries } = explained([...trace.slice(1), 'hello'].join('\n'));
    expect(entries.map(({ type, lines, typeReason }) => ({ type, lines, typeReason }))).toEqual([
      { type: 'error', lines: 2, typeReason: { by: 'stack trace' } },
      { type: 'app', lines: 1, typeReason: { by: 'nothing' } },
    ]);
  });

  it('tells a level that is written from one that a stack trace stands for', () => {
    const trace =
      'com.shop.Pay - declined\njava.lang.IllegalStateException: no stock\n\tat com.shop.Pay.charge(Pay.java:12)';
    const { level, ts, logger } = columnsOf(only(`2026-11-22 16:41:02,123 ERROR [main] ${trace}`));
    expect(level).toEqual(['error', text(24, 29, 'ERROR')]);
    // The same name stands in the frame.
    expect(logger).toEqual(['com.shop.Pay', text(37, 49)]);
    expect(ts?.[1]).toEqual({
      kind: 'arrival',
      because: { time: 'without a zone', written: '2026-11-22 16:41:02,123' },
    });
  });

  it('says that no format took a line of plain text', () => {
    const entry = only('hello there');
    expect(entry).toMatchObject({ format: 'plain-text', type: 'app', typeReason: { by: 'nothing' } });
    expect(entry.formats.map(({ verdict }) => verdict)).not.toContain('took the line');
    expect(columnsOf(entry)).toMatchObject({
      ts: ['2026-11-22 17:00:00.000', { kind: 'arrival', because: { time: 'none' } }],
      message: ['hello there', text(0, 11)],
    });
  });

  it('names the formats that would take a line too, and those that refused it before', () => {
    const { formats } = only('{"method":"GET","path":"/a","status":404}');
    const verdicts = Object.fromEntries(formats.map(({ name, verdict }) => [name, verdict]));
    expect(verdicts).toMatchObject({
      caddy: 'refused',
      'access-json': 'took the line',
      'application-json': 'would take it',
    });
  });

  it('opens a FireLens record, whose keys then name the origin and the time', () => {
    const record = {
      container_name: 'web',
      source: 'stderr',
      ecs_cluster: 'prod',
      ecs_task_arn: 'arn:aws:ecs:eu-west-1:1:task/prod/abc',
      time: '2026-11-22T16:41:02Z',
      log: 'hello there',
      team: 'checkout',
    };
    const entry = only(JSON.stringify(record));
    expect(columnsOf(entry)).toEqual({
      ts: ['2026-11-22 16:41:02.000', { kind: 'collector', key: 'time', because: { time: 'none' } }],
      service: ['web', { kind: 'collector', key: 'container_name' }],
      source: ['stderr', { kind: 'collector', key: 'source' }],
      task: ['abc', { kind: 'collector', key: 'ecs_task_arn' }],
      cluster: ['prod', { kind: 'collector', key: 'ecs_cluster' }],
      message: ['hello there', text(0, 11)],
    });
    expect(entry.fields).toEqual([{ key: 'team', value: 'checkout', from: 'collector' }]);
  });

  it('opens the envelope of a CloudWatch subscription, an entry for each event', () => {
    const time = Date.parse('2026-11-22T16:41:02Z');
    const envelope = {
      messageType: 'DATA_MESSAGE',
      logGroup: '/aws/lambda/pay',
      logStream: 's',
      logEvents: [
        { id: '1', timestamp: time, message: '{"level":"info","msg":"a"}' },
        { id: '2', timestamp: time, message: 'b' },
      ],
    };
    const { entries } = explained(JSON.stringify(envelope));
    expect(entries.map(({ format }) => format)).toEqual(['application-json', 'plain-text']);
    expect(entries.map((entry) => columnsOf(entry)).map(({ ts, service }) => [ts?.[1], service])).toEqual(
      [1, 2].map(() => [
        { kind: 'collector', key: 'timestamp', because: { time: 'none' } },
        ['pay', { kind: 'collector', key: 'logGroup' }],
      ]),
    );
  });

  it('goes by the formats, types and names of the configuration', () => {
    const config: LineConfig = {
      services: { 'sh*': { service: 'store', type: 'error' } },
      formats: [
        { name: 'till', services: ['shop'], pattern: '^<(?<level>\\w+)> (?<message>.*)$' },
        { name: 'other', services: ['web'], pattern: '.*' },
      ],
    };
    const entry = only('<info> card declined', config);
    expect(entry).toMatchObject({ format: 'till', type: 'error', typeReason: { by: 'service' } });
    expect(entry.formats.slice(0, 2)).toEqual([
      { name: 'other', isOwn: true, verdict: 'other service' },
      { name: 'till', isOwn: true, verdict: 'took the line' },
    ]);
    expect(columnsOf(entry)).toMatchObject({
      service: ['store', { kind: 'configuration', service: 'sh*' }],
      level: ['info', text(1, 5, 'info')],
      message: ['card declined', text(7, 20)],
    });
  });

  it('says which key or format names the type', () => {
    expect(only('{"log_type":"error","msg":"a"}').typeReason).toEqual({ by: 'line', key: 'log_type' });
    const record = { container_name: 'web', log: 'a', log_type: 'access' };
    expect(only(JSON.stringify(record)).typeReason).toEqual({ by: 'collector', key: 'log_type' });
    const formats = [{ name: 'audit', type: 'error', pattern: '^AUDIT (?<message>.*)$' } as const];
    expect(only('AUDIT a', { formats }).typeReason).toEqual({ by: 'format', format: 'audit' });
    expect(only('{"level":"warn","msg":"a"}').typeReason).toEqual({ by: 'level', level: 'warn' });
  });

  it('names the rule that drops a line, which alert rules are then not shown', () => {
    const entry = only(access, { access: { drop: [{ name: 'checks', where: { path: '/a' } }] } });
    expect(entry.storage).toEqual({ kind: 'dropped', rule: 'checks' });
    expect(entry.rules).toMatchObject([{ name: 'failing', matches: false, failed: undefined }]);
    expect(columnsOf(entry)).toMatchObject({ status: [200, text(84, 87)] });
  });

  it('names the rule that samples a line out, and the part that is kept of one that is not', () => {
    const sampledBy = (keep: number): LineConfig => ({ access: { sample: [{ name: 'some', where: {}, keep }] } });
    const left = only(access, sampledBy(1e-9));
    expect(left.storage).toEqual({ kind: 'sampled out', rule: 'some' });
    expect(left.rules).toMatchObject([{ matches: true }]);
    const kept = only(access, sampledBy(0.999_999));
    expect(kept.storage).toEqual({ kind: 'stored', keep: 0.999_999 });
    expect(kept.fields.at(-1)).toEqual({ key: 'sample_keep', value: 0.999_999, from: 'pipeline' });
  });

  it('ends for a head without a message, whose empty text stands everywhere', () => {
    const [entry] = explained('=ERROR REPORT==== 22-Nov-2026::16:41:02.123456 ===').entries;
    expect(entry?.format).toBe('erlang-report');
  });

  it('counts blank lines, and explains none', () => {
    expect(explained('   ')).toEqual({ entries: [], blankLines: 1 });
  });

  it('tells of the pieces of an entry that is cut', () => {
    const { entries } = explained(Array.from({ length: 300 }, () => `  ${'x'.repeat(4000)}`).join('\n'));
    expect(entries.length).toBeGreaterThan(1);
    for (const { columns } of entries) {
      expect(columns.find(({ name }) => name === 'message')?.from.kind).toMatch(/text|derived/);
    }
  });

  it('tells of the row that is stored, whatever the lines and the configuration', () => {
    fc.assert(
      fc.property(
        fc.array(lines, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(...configurations),
        (some, config) => {
          const told = explained(some.join('\n'), config).entries.filter(({ storage }) => storage.kind === 'stored');
          // A line that may go on is stored after one that came later and can't.
          expect(inOrder(told.map(({ type, columns, fields }) => ({ type, row: rowOf(columns, fields) })))).toEqual(
            inOrder(storedRows(some, config)),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** What real programs wrote, and anything on one line. */
const lines = fc.oneof(
  fc.constantFrom(
    ...[...textFormats, ...jsonFormats]
      .flatMap(({ samples }) => samples.flatMap(({ line }) => line.split('\n')))
      .filter((line) => line !== ''),
  ),
  fc.string({ minLength: 1, maxLength: 40 }).map((line) => line.replace(/[\r\n]/g, ' ')),
);

const configurations: readonly LineConfig[] = [
  {},
  { access: { drop: [{ name: 'd', where: { status: 404 } }], sample: [{ name: 's', where: {}, keep: 0.5 }] } },
  { services: { shop: { service: 'store', type: 'error' } }, redact: { emails: 'replace' } },
  { formats: [{ name: 'till', pattern: '^(?<level>[A-Z]+) (?<message>.*)$' }] },
];

function rowOf(columns: ExplainedEntry['columns'], fields: ExplainedEntry['fields']) {
  const row = Object.fromEntries(columns.map(({ name, value }) => [name, value]));
  return { ...row, fields: Object.fromEntries(fields.map(({ key, value }) => [key, value])) };
}

/** What the transform stores of the same lines, as FireLens sends them. */
function inOrder<T>(rows: readonly T[]): T[] {
  const keyOf = (row: T) => JSON.stringify(row, (_, value) => (isRecord(value) ? sortedKeys(value) : value));
  return [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sortedKeys(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function storedRows(some: readonly string[], config: LineConfig) {
  const rows: { type: string; row: object }[] = [];
  const reading = new RecordReader(compilePolicy(config)).begin({
    row(type, json) {
      const { fields = '{}', ...row } = lineColumns(json) as { fields?: string };
      rows.push({ type, row: { ...row, fields: JSON.parse(fields) } });
    },
    entry: () => undefined,
    blank: () => undefined,
  });
  const records = some.map((log) => JSON.stringify({ container_name: 'shop', source: 'stdout', log })).join('\n');
  const data = Buffer.from(records).toString('base64');
  reading.read({ recordId: '1', approximateArrivalTimestamp: arrival, data });
  reading.end();
  return rows;
}
