import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { record } from '../../../shared/bounds.js';
import { AccessLane } from '../../../shared/lanes/accessLane.js';
import { JsonLane } from '../../../shared/lanes/jsonLane.js';
import type { Origin } from '../../../shared/line/origin.js';
import { entryColumns } from '../../../shared/line/schema/entry.js';
import type { EntryRow, LogType } from '../../../shared/line/schema/index.js';
import { formatTimestamp } from '../../../shared/line/timestamp.js';
import { EnvelopeTemplates } from '../../../shared/record/envelopeTemplate.js';
import { PartialLines } from '../../../shared/record/partials.js';
import { RecordReader } from '../../../shared/record/read.js';
import { compilePolicy, type LinePolicy } from '../../../shared/treatment/policy.js';
import { arrival, fireLens } from '../../helpers/firehose.js';
import { columnsOf } from '../../helpers/rows.js';

/** One call of a sink, as it came. */
type Call =
  | {
      readonly to: 'row';
      readonly type: LogType;
      readonly json: string;
      readonly service: string | undefined;
    }
  | { readonly to: 'entry'; readonly type: LogType; readonly row: EntryRow }
  | {
      readonly to: 'access';
      readonly json: string;
      readonly ts: number;
      readonly origin: Origin;
      readonly status: string | undefined;
    }
  | { readonly to: 'blank' };

/** A row by the names of its columns; `ts` as it is stored. */
type Columns = Readonly<Record<string, unknown>>;

const plain = compilePolicy();
const sampledTarget = '/health';
const droppedTarget = '/ping';
const sampling = compilePolicy({
  access: {
    drop: [{ name: 'pings', where: { path: droppedTarget } }],
    sample: [{ name: 'health checks', where: { path: sampledTarget }, keep: 0.5 }],
  },
});

/** Everything that a sink is told of records, read in one invocation. */
function callsOf(records: readonly string[], policy: LinePolicy = plain): Call[] {
  const calls: Call[] = [];
  const reading = new RecordReader(policy).begin({
    row: (type, json, service) => calls.push({ to: 'row', type, json, service }),
    entry: (type, row) => calls.push({ to: 'entry', type, row }),
    access: (json, ts, origin, status) => calls.push({ to: 'access', json, ts, origin, status }),
    blank: () => calls.push({ to: 'blank' }),
  });
  for (const [index, data] of records.entries())
    reading.read({
      recordId: String(index),
      approximateArrivalTimestamp: arrival,
      data: Buffer.from(data).toString('base64'),
    });
  reading.end();
  return calls;
}

/** The rows that went to storage, in their order. */
function storedRows(calls: readonly Call[]): Columns[] {
  return calls.flatMap((call) => {
    if (call.to !== 'row') return [];
    const columns = columnsOf(call.json);
    expect(call.service).toBe(columns.service);
    return [{ type: call.type, ...columns }];
  });
}

/** The rows that the rules were shown, in their order; each of the arguments is checked against the others. */
function shownRows(calls: readonly Call[]): Columns[] {
  return calls.flatMap((call) => {
    if (call.to === 'entry') {
      const columns = entryNames
        .map((name) => [name, call.row[name]] as const)
        .filter(([, value]) => value !== undefined);
      return [{ type: call.type, ...Object.fromEntries(columns), ts: formatTimestamp(call.row.ts) }];
    }
    if (call.to !== 'access') return [];
    const columns = columnsOf(call.json);
    expect(formatTimestamp(call.ts)).toBe(columns.ts);
    const { service, source, task, cluster } = call.origin;
    expect({ service, source, task, cluster }).toEqual({
      service: columns.service,
      source: columns.source,
      task: columns.task,
      cluster: columns.cluster,
    });
    if (call.status !== undefined) expect(call.status).toBe(String(columns.status ?? ''));
    return [{ type: 'access', ...columns }];
  });
}

const entryNames = Object.keys(entryColumns) as (keyof EntryRow)[];

/** Lines enough for a JSON lane to trust their shape and to read some more. */
const BURST = 30;
const burst = (line: (n: number) => string): string[] => Array.from({ length: BURST }, (_, n) => line(n));

const combined = (n: number, target = `/a/${n}?b=é`) =>
  `203.0.113.9 - - [22/Nov/2026:16:41:${String(n % 60).padStart(2, '0')} +0000] "GET ${target} HTTP/1.1" ${200 + n} ${n} "-" "say \\"hi\\"" 0.0${n}`;
const jsonAccess = (n: number, target = `/a/${n}?b=é`) =>
  `{"time":"2026-11-22T16:41:02+00:00","remote_addr":"203.0.113.9","request_method":"GET","request_uri":"${target}","status":${200 + n},"body_bytes_sent":${n},"http_user_agent":"curl","upstream":"10.0.0.${n}:80"}`;
const jsonApp = (n: number) =>
  `{"level":${n % 2 ? 30 : 40},"time":${1795365696256 + n},"pid":7,"logger":"orders","reqId":"r-${n}","trace_id":"4bf92f3577b34da6a3ce929d0e0e47${10 + n}","user":{"id":${n},"note":"é"},"msg":"order ${n} é accepted"}`;
/** An application line all of whose keys have a column. */
const jsonAppWithoutFields = (n: number) =>
  `{"level":"info","time":"2026-11-22T16:41:${10 + n}Z","logger":"","msg":"tick ${n}"}`;
const jsonAppWithoutTime = (n: number) => `{"level":"info","n":${n},"msg":"tick ${n}"}`;
const jsonError = (n: number) =>
  `{"level":50,"time":${1795365696256 + n},"err":{"type":"StockError","message":"none","stack":"StockError: none\\n    at a (b.js:${n}:2)"},"msg":"order ${n} failed"}`;
const text = (n: number) => `worker ${n} é is "ready"`;
const textError = (n: number) => `2026-11-22T16:41:37.${100 + n}Z ERROR [main] com.shop.Checkout - no stock ${n}`;

const cloudWatch = (...messages: readonly string[]) =>
  `${JSON.stringify({
    messageType: 'DATA_MESSAGE',
    logGroup: '/aws/lambda/checkout',
    logStream: 's',
    logEvents: messages.map((message, n) => ({ id: `${n}`, timestamp: 1795365696256 + n, message })),
  })}\n`;

const part = (id: string, ordinal: number, isLast: boolean, log: string) =>
  fireLens(log, {
    partial_message: 'true',
    partial_id: id,
    partial_ordinal: String(ordinal),
    partial_last: String(isLast),
  });

/** Somewhere between these depths JSON is still parsed, and no longer printed. */
const nested = [3000, 4500, 6000, 7500].map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);

type Way = 'template' | 'access lane' | 'JSON lane' | 'joined parts';

describe.each<{ way: string; records: readonly string[]; by: readonly Way[]; rows: number }>([
  {
    way: 'combined access lines',
    records: burst(combined).map((line) => fireLens(line)),
    by: ['template', 'access lane'],
    rows: BURST,
  },
  {
    way: 'JSON access lines',
    records: burst(jsonAccess).map((line) => fireLens(line)),
    by: ['template', 'JSON lane'],
    rows: BURST,
  },
  {
    way: 'JSON application lines',
    records: burst(jsonApp).map((line) => fireLens(line)),
    by: ['template', 'JSON lane'],
    rows: BURST,
  },
  {
    way: 'JSON application lines without fields of their own',
    records: [
      burst(jsonAppWithoutFields)
        .map((line) => fireLens(line))
        .join(''),
    ],
    by: ['template', 'JSON lane'],
    rows: BURST,
  },
  {
    way: 'lines of collectors that state no time',
    records: [...burst(combined), ...burst(jsonAppWithoutTime)].map((line) => fireLens(line, { time: undefined })),
    by: ['template', 'access lane', 'JSON lane'],
    rows: 2 * BURST,
  },
  {
    way: 'JSON errors',
    records: burst(jsonError).map((line) => fireLens(line)),
    by: ['template'],
    rows: BURST,
  },
  {
    way: 'text in FireLens records',
    records: [text(1), textError(2), text(3), ' \t'].map((line) => fireLens(line)),
    by: ['template'],
    rows: 3,
  },
  { way: 'lines that are no records', records: [[text(1), combined(2), jsonApp(3)].join('\n')], by: [], rows: 3 },
  {
    way: 'records whose line is parsed already',
    records: [jsonApp(1), jsonError(2), jsonAccess(3)].map((line) =>
      JSON.stringify({ container_name: 'web', log: JSON.parse(line) }),
    ),
    by: [],
    rows: 3,
  },
  {
    way: 'CloudWatch Logs events',
    records: [cloudWatch(text(1), textError(2), combined(3), jsonApp(4))],
    by: [],
    rows: 4,
  },
  {
    way: 'split lines whose parts are all there',
    records: [
      part('a', 1, false, jsonError(1).slice(0, 40)),
      fireLens(text(2)),
      part('a', 2, true, jsonError(1).slice(40)),
    ],
    by: ['joined parts'],
    rows: 2,
  },
  {
    way: 'split lines of which a part is missing',
    records: [part('a', 1, false, 'ERROR half'), part('b', 2, true, 'of a line')],
    by: [],
    rows: 2,
  },
  {
    way: 'joined events that are cut',
    records: [textError(1), text(2)].map((line) =>
      fireLens(line + '\n\tat é.step(A.java:1)'.repeat(record.maxEventBytes / 20)),
    ),
    by: ['template'],
    rows: 4,
  },
  {
    way: 'objects too deep to be put into JSON again',
    records: nested.flatMap((deep) => [
      fireLens(`{"level":50,"deep":${deep}}`),
      `{"container_name":"web","log":{"deep":${deep}}}`,
    ]),
    by: ['template'],
    rows: 8,
  },
])('of $way', ({ records, by, rows }) => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('each row is shown to the rules as it is stored', () => {
    const watched = watchWays();
    const calls = callsOf(records);
    expect(watched.taken()).toEqual(by);
    expect(storedRows(calls)).toHaveLength(rows);
    expect(shownRows(calls)).toEqual(storedRows(calls));
  });
});

/** Tells which of the quick ways read a line at least once. */
function watchWays(): { taken(): Way[] } {
  const template = jest.spyOn(EnvelopeTemplates.prototype, 'open');
  const accessLane = jest.spyOn(AccessLane.prototype, 'read');
  const jsonLane = jest.spyOn(JsonLane.prototype, 'read');
  const parts = jest.spyOn(PartialLines.prototype, 'add');
  return {
    taken() {
      const ways: Record<Way, boolean> = {
        template: template.mock.results.some(({ value }) => value !== undefined),
        'access lane': accessLane.mock.results.some(({ value }) => value !== undefined),
        'JSON lane': jsonLane.mock.results.some(({ value }) => value !== undefined),
        // A line that was not split comes back as it is.
        'joined parts': parts.mock.results.some(({ value }, n) => value && value !== parts.mock.calls[n]?.[0]),
      };
      return (Object.keys(ways) as Way[]).filter((way) => ways[way]);
    },
  };
}

describe('whatever comes together', () => {
  /** A few lines of one kind, or as many as it takes for a lane to trust them. */
  const run = (line: (n: number) => string) =>
    fc
      .tuple(fc.constantFrom(1, 2, BURST), fc.nat(9))
      .map(([length, from]) => burst((n) => line(from + n)).slice(0, length));
  const lines = fc.oneof(
    ...[combined, jsonAccess, jsonApp, jsonAppWithoutFields, jsonError, text, textError].map(run),
    run((n) => combined(n, sampledTarget)),
    run((n) => jsonAccess(n, sampledTarget)),
    run((n) => combined(n, droppedTarget)),
    fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { maxLength: 3 }),
    fc.array(fc.json({ maxDepth: 2 }), { maxLength: 3 }),
  );
  const containers = fc.constantFrom<Readonly<Record<string, unknown>>>(
    {},
    { container_name: 'api', source: 'stderr' },
    { container_name: 'é"\\', extra: 1 },
  );
  const records = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(lines, containers).map(([logs, more]) => logs.map((log) => fireLens(log, more)).join('')),
    },
    lines.map((logs) => logs.join('\n')),
    lines.map((logs) => cloudWatch(...logs)),
    fc
      .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.string())
      .map((args) => part(...args)),
  );

  it('each row is shown to the rules as it is stored, in the same order', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 6 }), (data) => {
        const calls = callsOf(data);
        expect(shownRows(calls)).toEqual(storedRows(calls));
      }),
      { numRuns: 100 },
    );
  });

  it('each access line that a sample stands for is shown too, and one that is dropped is not', () => {
    fc.assert(
      fc.property(fc.array(records, { maxLength: 6 }), (data) => {
        const calls = callsOf(data, sampling);
        const shown = shownRows(calls);
        const isSampledOut = (row: Columns) => row.path === sampledTarget && !('sample_keep' in fieldsOf(row));
        expect(shown.filter((row) => !isSampledOut(row))).toEqual(storedRows(calls));
        const all = shownRows(callsOf(data)).filter(({ path }) => path !== droppedTarget);
        // Lines of text wait for what may continue them, so the order is not the same.
        expect(inAnyOrder(shown.map(withoutSampleKeep))).toEqual(inAnyOrder(all.map(withoutSampleKeep)));
      }),
      { numRuns: 100 },
    );
  });
});

function inAnyOrder(rows: readonly Columns[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function fieldsOf({ fields }: Columns): Columns {
  return typeof fields === 'string' ? JSON.parse(fields) : {};
}

/** `fields` as an object. A stored row tells that it is a sample; nothing else in it differs. */
function withoutSampleKeep(row: Columns): Columns {
  const { sample_keep, ...fields } = fieldsOf(row);
  return { ...row, fields };
}
