import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LineSink, type ReadRecord, RecordReader } from '../../../shared/record/read.js';
import { fromBinary } from '../../../shared/text/binary.js';
import { compilePolicy } from '../../../shared/treatment/policy.js';

const arrival = Date.UTC(2026, 10, 22, 16, 42);
const policy = compilePolicy();

interface Outcome {
  readonly records: readonly ReadRecord[];
  /** All rows, one after the other. */
  readonly rows: string;
  readonly blanks: number;
}

/** Reads records in one invocation. */
function read(records: readonly (Buffer | string)[]): Outcome {
  let rows = '';
  let blanks = 0;
  const sink: LineSink = {
    row: (_type, json) => {
      rows += `${fromBinary(json)}\n`;
    },
    entry: () => undefined,
    access: () => undefined,
    blank: () => blanks++,
  };
  const reading = new RecordReader(policy).begin(sink);
  const results = records.map((data, index) =>
    reading.read({
      recordId: `r${index}`,
      approximateArrivalTimestamp: arrival,
      data: Buffer.from(data).toString('base64'),
    }),
  );
  reading.end();
  return { records: results, rows, blanks };
}

function nested(depth: number, open = '{"a":', close = '}'): string {
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

const neighbour =
  '{"container_id":"n","container_name":"web","source":"stdout","log":"a neighbour","time":"2026-11-22T16:41:02.000Z"}';

/** Envelopes in which something is not what it should be; `needle` stands in each. */
const odd: Readonly<Record<string, string>> = {
  'an object as container_id of a part':
    '{"container_id":{"toString":1},"container_name":"w","partial_id":"a","partial_ordinal":1,"partial_last":"true","log":"needle"}',
  'an object as container_id of a part that stays alone':
    '{"container_id":{"toString":1},"partial_id":"a","partial_ordinal":2,"partial_last":"true","log":"needle"}',
  'an object as partial_id':
    '{"container_id":"c","partial_id":{"valueOf":1,"toString":1},"partial_ordinal":1,"partial_last":"true","log":"needle"}',
  'an object as partial_ordinal':
    '{"container_id":"c","partial_id":"a","partial_ordinal":{"valueOf":1,"toString":1},"partial_last":"true","log":"needle"}',
  'an object as partial_last':
    '{"container_id":"c","partial_id":"a","partial_ordinal":1,"partial_last":{"toString":1},"log":"needle"}',
  'extra keys nested 3,000 deep': `{"container_name":"w","log":"needle","x":${nested(3000)}}`,
  'extra keys nested 4,000 deep': `{"container_name":"w","log":"needle","x":${nested(4000)}}`,
  'extra lists nested 4,000 deep': `{"container_name":"w","log":"needle","x":${nested(4000, '[', ']')}}`,
  'a container name nested 4,000 deep': `{"container_name":${nested(4000)},"log":"needle"}`,
  'a CloudWatch id nested 4,000 deep': `{"messageType":"DATA_MESSAGE","logGroup":"/g","logStream":"s","logEvents":[{"id":${nested(4000)},"timestamp":1795365662000,"message":"needle"}]}`,
  'CloudWatch events that are no objects':
    '{"messageType":"DATA_MESSAGE","logGroup":{"toString":1},"logStream":7,"logEvents":[{"message":{"a":"needle"}}]}',
  'a blank line beside other words': '{"container_name":"w","log":"","msg":"needle"}',
  'a line nested 100,000 deep': `{"container_name":"w","log":${JSON.stringify(`{"needle":${nested(100_000)}}`)}}`,
};

describe('a record in which something is odd', () => {
  it.each(Object.entries(odd))('%s: its line is kept, and its neighbours are read', (_, line) => {
    const { records, rows } = read([neighbour, `${line}\n${line}`, neighbour]);
    expect(records.map(({ kind }) => kind)).toEqual(['lines', 'lines', 'lines']);
    expect(rows.split('a neighbour')).toHaveLength(3);
    expect(rows.split('needle')).toHaveLength(3);
  });

  it('parts 2 (the last) and 3 without a first one are rows of their own', () => {
    const part = (ordinal: number, last: boolean) =>
      JSON.stringify({
        container_id: 'c',
        partial_id: 'a',
        partial_ordinal: ordinal,
        partial_last: last,
        log: `part ${ordinal}`,
      });
    const { rows } = read([part(2, true), part(3, false), neighbour]);
    expect(rows.match(/part \d/g)?.sort()).toEqual(['part 2', 'part 3']);
  });

  it('fails alone when it holds more lines than a record may', () => {
    const { records, rows } = read([neighbour, gzipSync('a\n'.repeat(1_000_001)), neighbour]);
    expect(records.map(({ kind }) => kind)).toEqual(['lines', 'failed', 'lines']);
    expect(records[1]).toMatchObject({ reason: expect.stringContaining('more than 1,000,000 lines') });
    expect(rows.split('a neighbour')).toHaveLength(3);
  });

  it('reads the members behind NUL padding', () => {
    const { rows } = read([Buffer.concat([gzipSync('first\n'), Buffer.alloc(512), gzipSync('second\n')])]);
    expect(rows).toContain('first');
    expect(rows).toContain('second');
  });
});

const metadata = /^(?:container_|ecs_|partial_|source$|time$|date$|@timestamp$)/;

describe('any envelopes, in any invocation', () => {
  const keys = fc.constantFrom(
    ...['log', 'container_id', 'container_name', 'source', 'ecs_cluster', 'ecs_task_arn', 'time', 'date', '@timestamp'],
    ...[
      'partial_id',
      'partial_ordinal',
      'partial_last',
      'partial_message',
      'msg',
      'level',
      '__proto__',
      'toString',
      '',
    ],
  );
  const plain = [
    ...[
      'true',
      'false',
      'null',
      '1',
      '2',
      '3',
      '""',
      '" "',
      '"a"',
      '"stdout"',
      '"2026-11-22T16:41:02Z"',
      '1e400',
      '-0',
    ],
  ];
  const scalar = fc.oneof(
    { weight: 50, arbitrary: fc.constantFrom(...plain) },
    { weight: 50, arbitrary: fc.constantFrom('{"toString":1}', '[]', '{}', '[[1]]', nested(50)) },
    { weight: 1, arbitrary: fc.constant(nested(3500)) },
  );
  /** Each value may hold a text that is found nowhere else. */
  const value = fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 2, arbitrary: fc.constant('unique') });
  const envelope = fc.array(fc.tuple(keys, value), { maxLength: 7 });
  const records = fc.array(fc.array(envelope, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });

  it('keeps every word as a row or in a failed record, and counts every blank line', () => {
    fc.assert(
      fc.property(records, fc.boolean(), (invocation, gzipped) => {
        let number = 0;
        const words: string[][] = [];
        const data = invocation.map((envelopes) => {
          const own: string[] = [];
          words.push(own);
          const lines = envelopes.map((entries) => {
            const distinct = [...new Map(entries)];
            // Of a blank line nothing is kept, its collector's metadata included.
            const isBlank = /^"\s*"$/.test(new Map(entries).get('log') ?? '');
            const members = distinct.map(([key, json]) => {
              if (json !== 'unique' || (isBlank && metadata.test(key)))
                return `${JSON.stringify(key)}:${json === 'unique' ? '"x"' : json}`;
              const word = `word${number++}x`;
              own.push(word);
              return `${JSON.stringify(key)}:"${word}"`;
            });
            return `{${members.join(',')}}`;
          });
          return gzipped ? gzipSync(lines.join('\n')) : lines.join('\n');
        });
        const { records: results, rows, blanks } = read(data);
        for (const [index, own] of words.entries()) {
          if (results[index]?.kind === 'failed') continue;
          for (const word of own) expect(rows).toContain(word);
        }
        const lines = invocation.flat().length;
        expect(rows.split('\n').length - 1 + blanks).toBeLessThanOrEqual(lines);
      }),
      { numRuns: 3000 },
    );
  });
});
