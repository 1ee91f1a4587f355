import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fireLensRecord } from '../../../local/ship/collector.js';
import { rowStart } from '../../../shared/line/rowText.js';
import { RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';
import { readLines } from '../../bench/corpus.js';
import { arrival, wireRequests } from '../../helpers/firehose.js';

/** Records of real programs, each of one line. */
const records = [
  ...wireRequests('plain')
    .flat()
    .filter((data) => data.length < 2000),
  ...['edge.access.json.log', 'orders.log', 'search.log'].flatMap((file) =>
    readLines(file).map((log) =>
      Buffer.from(fireLensRecord({ service: file, source: 'stdout', log }, new Date(arrival))),
    ),
  ),
];

const ofTime = (n: number): string => new Date(arrival + n).toISOString();
/** Keys that decide what others mean, secrets in known places, escapes: often enough to be learned. */
const learnedLines = Array.from({ length: 40 }, (_, n) => [
  `{"time":"${ofTime(n)}","request":"GET /a?b=${n} HTTP/1.1","status":"200","bytes_sent":"${n}","request_time":"0.004"}`,
  `{"time":"${ofTime(n)}","method":"GET","uri":"/","status":200,"request_time":0.000}`,
  `{"level":"info","msg":"tick","n":${n}}`,
  `{"authorization":"Bearer abc.${n}","level":"info","message":"said \\"${n}\\"","timestamp":"${ofTime(n)}"}`,
  `{"level":30,"time":${arrival + n},"pid":17,"name":"shop","token":"t${n}","sql":"select\\n${n}","msg":"m"}`,
  `203.0.113.9 - - [22/Nov/2026:16:41:02 +0000] "GET /a?b=${n} HTTP/1.1" 304 - "-" "curl/8.5"`,
  `${ofTime(n)} SEVERE  [main] com.shop.Checkout - checkout failed order=${n}`,
  `2026-11-22 16:41:36,${100 + n} WARNING billing: retrying charge customer=${n}`,
]).flat();

/** What breaks parsers: quotes, half escapes, control characters, cuts, secrets. */
const pieces = [
  '"',
  '\\',
  '\\"',
  '\\\\',
  '\\x41',
  '\\u00',
  '\\ud800',
  '\\\\ud800',
  '{',
  '}',
  '[1]',
  ',',
  ':',
  ' ',
  '\n',
  '\r',
  '\0',
  '\t',
  'é',
  '😀',
  'password=x',
  '4111111111111111',
  'null',
  '1e999',
  '-0',
  '"log":"',
  '","time":"',
];
const mutation = fc.record({
  at: fc.nat(),
  remove: fc.constantFrom(0, 0, 1, 7),
  insert: fc.constantFrom('', ...pieces),
});

/** The records of collectors that state a time, and of those that state none. */
const learned = learnedLines.flatMap((log) => {
  const record = fireLensRecord({ service: 'learned', source: 'stdout', log }, new Date(arrival));
  const { time: _, ...untimed } = JSON.parse(record);
  return [record, `${JSON.stringify({ ...untimed, container_id: 'untimed' })}\n`].map((each) => Buffer.from(each));
});

function mutate(data: Buffer, mutations: readonly { at: number; remove: number; insert: string }[]): Buffer {
  return mutations.reduce((bytes, { at, remove, insert }) => {
    const start = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, start), Buffer.from(insert), bytes.subarray(start + remove)]);
  }, data);
}

/** @param arrived ms since the epoch: the time of a line that states none, neither itself nor by its collector */
function rowsOf(reader: RecordReader, data: Buffer, arrived = arrival): string[] {
  const rows: string[] = [];
  // Where they stood says nothing: a blank line may wait for what comes behind it.
  const blanks: string[] = [];
  const shown: [json: string, ts: number, originColumns: string, status: string | undefined][] = [];
  const reading = reader.begin({
    row: (type, json) => rows.push(`${type} ${fromBinary(json)}`),
    entry: () => undefined,
    // A row keeps its own time where rules go by another one.
    access: (json, ts, origin, status, clockOff) =>
      shown.push([fromBinary(json), clockOff?.own ?? ts, origin.columnsJson, status]),
    blank: () => blanks.push('blank'),
  });
  reading.read({ recordId: '1', approximateArrivalTimestamp: arrived, data: data.toString('base64') });
  reading.end();
  // Rules are shown every access line, as it is stored.
  const stored = rows.filter((row) => row.startsWith('access ')).map((row) => row.slice(row.indexOf('{')));
  expect(shown.map(([json]) => json)).toEqual(stored);
  for (const [json, ts, columns, status] of shown) {
    expect(json.startsWith(rowStart(ts, columns))).toBe(true);
    if (status !== undefined) expect(String(JSON.parse(json).status ?? '')).toBe(status);
  }
  return [...rows, ...blanks];
}

it('gives for a broken record the rows of the full parse, by lanes and templates too, and all of them are JSON', () => {
  const warm = new RecordReader(compilePolicy());
  const known = [...records, ...learned];
  for (const data of [...known, ...records]) rowsOf(warm, data);
  fc.assert(
    fc.property(
      fc.oneof(fc.constantFrom(...records), fc.constantFrom(...learned)),
      fc.array(mutation, { maxLength: 4 }),
      fc.nat({ max: 2000 }),
      (broken, mutations, later) => {
        const data = mutate(broken, mutations);
        const rows = rowsOf(warm, data, arrival + later);
        // A new reader knows no template and no shape: it reads the record by the full parse.
        expect(rows).toEqual(rowsOf(new RecordReader(compilePolicy()), data, arrival + later));
        for (const row of rows.filter((each) => each !== 'blank')) {
          const { fields, ...columns } = JSON.parse(row.slice(row.indexOf('{')));
          if (fields !== undefined) JSON.parse(fields);
          for (const value of [fields, ...Object.values(columns)])
            if (typeof value === 'string') expect(value.isWellFormed()).toBe(true);
        }
      },
    ),
    { numRuns: 4000 },
  );
});

it('cuts a line that fits no record, however its head is known', () => {
  const line = (message: string) =>
    Buffer.from(
      fireLensRecord(
        { service: 'long', source: 'stdout', log: `2026-11-22 16:41:36,123 INFO billing: ${message}` },
        new Date(arrival),
      ),
    );
  const warm = new RecordReader(compilePolicy());
  for (let n = 0; n < 20; n++) rowsOf(warm, line(`charged ${n}`));
  const long = line('charge '.repeat(300_000).trim());
  const rows = rowsOf(warm, long);
  expect(rows.length).toBeGreaterThan(1);
  expect(rows).toEqual(rowsOf(new RecordReader(compilePolicy()), long));
});
