import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fireLensRecord } from '../../../local/ship/collector.js';
import { Origin } from '../../../shared/line/origin.js';
import { type Row, renderFields, renderRow } from '../../../shared/line/row.js';
import { ColumnReader, columnsStart, fieldsColumn, rowEnd, rowStart } from '../../../shared/line/rowText.js';
import { storedTables } from '../../../shared/line/schema/index.js';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { readLines } from '../../bench/corpus.js';
import { arrival } from '../../helpers/firehose.js';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', '"', '\\', 'a\\"', ',"status":500', '","path":"/x', '{"a":[1,2]}', '}', ','),
);
const columnText = fc.option(text, { nil: undefined });
const origin = fc
  .record({ service: columnText, source: columnText, task: columnText, cluster: columnText })
  .map((columns) => new Origin(columns, [['container_id', 'a"b']]));

const columns = [...new Set([...Object.keys(storedTables.access), ...Object.keys(storedTables.app)])]
  .filter((name) => !['ts', 'service', 'source', 'task', 'cluster'].includes(name))
  .map((name) => new ColumnReader(name));

/** Reads every column of the row back and compares it with the row that JSON.parse makes. */
function expectReadBack(row: string, originColumns: string): void {
  const start = columnsStart(originColumns);
  const { ts, service, source, task, cluster, ...written } = JSON.parse(row);
  const raw = columns
    .map((column) => [column.name, column.read(row, start)] as const)
    .filter(([, value]) => value !== '');
  expect(Object.fromEntries(raw.map(([name, value]) => [name, JSON.parse(value)]))).toEqual(written);
}

describe('a row', () => {
  it('starts with its time and origin and ends with its fields', () => {
    const { columnsJson } = new Origin({ service: 'web', source: 'stdout' });
    const start = rowStart(Date.UTC(2026, 10, 22, 16, 41, 2), columnsJson);
    expect(start).toBe('{"ts":"2026-11-22 16:41:02.000","service":"web","source":"stdout"');
    expect(columnsStart(columnsJson)).toBe(start.length);
    expect(start + fieldsColumn('{"a":1}')).toBe(`${start},"fields":"{\\"a\\":1}"`);
    expect(start + fieldsColumn('')).toBe(start);
  });

  it('ends with where its line came from', () => {
    expect(rowEnd({ record: 'a', line: 7, lines: 1 })).toBe(',"record":"a","line":7}');
    expect(rowEnd({ record: 'b', line: 12, lines: 3 })).toBe(',"record":"b","line":12,"lines":3}');
  });

  it('of the full parse reads back column by column as it was written, whatever the values', () => {
    const values = fc.record(
      { client_ip: text, method: text, path: text, status: fc.nat(999), bytes: fc.nat(), referer: text, host: text },
      { requiredKeys: [] },
    );
    const fields = fc.array(fc.tuple(fc.constantFrom('a', 'status', 'path'), text), { maxLength: 3 });
    const places = fc.record({ record: fc.constantFrom('a', 'b'), line: fc.nat(), lines: fc.nat() });
    fc.assert(
      fc.property(values, fields, origin, fc.nat(4_000_000_000_000), places, (own, others, from, ts, place) => {
        const row: Row = { type: 'access', columns: own, fields: others, ts, origin: from };
        const json = renderRow(row, renderFields(row));
        expect(json.slice(0, columnsStart(from.columnsJson))).toBe(rowStart(ts, from.columnsJson));
        expectReadBack(json + rowEnd(place), from.columnsJson);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['web.access.log', 'edge.access.json.log', 'orders.log', 'checkout.log'])(
    'of %s reads back column by column, from a lane or from the full parse',
    (file) => {
      const reading = new RecordReader(compilePolicy()).begin({
        row: (_type, json, service) => {
          expect(service).toBe(file);
          const row = fromBinary(json);
          const { source, task, cluster } = JSON.parse(row);
          expectReadBack(row, new Origin({ service, source, task, cluster }).columnsJson);
        },
        entry: () => undefined,
        blank: () => undefined,
      });
      const lines = readLines(file).map((log) =>
        fireLensRecord({ service: file, source: 'stdout', log }, new Date(arrival)),
      );
      const data = Buffer.from([...lines, ...lines].join('\n')).toString('base64');
      reading.read({ recordId: '1', approximateArrivalTimestamp: arrival, data });
      reading.end();
      expect.hasAssertions();
    },
  );
});

describe('a column', () => {
  const row =
    '{"ts":"2026-11-22 16:41:02.000","service":"web","method":"GET","status":200,"path":"/a \\"b\\"","ok":true}';

  it.each([
    ['method', '"GET"'],
    ['status', '200'],
    ['path', '"/a \\"b\\""'],
    ['ok', 'true'],
    ['host', ''],
  ])('%s is read as %s', (name, raw) => {
    expect(new ColumnReader(name).read(row, columnsStart(',"service":"web"'))).toBe(raw);
  });
});
