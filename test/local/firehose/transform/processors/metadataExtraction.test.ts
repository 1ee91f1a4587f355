import { describe, expect, it } from '@jest/globals';
import {
  extractMetadata,
  maxQueryBytes,
} from '../../../../../local/firehose/transform/processors/metadataExtraction.js';

/** Keys, or the message of the failure. */
const extracted = async (query: string, ...records: string[]) =>
  (
    await extractMetadata(
      records.map((each) => Buffer.from(each)),
      query,
    )
  ).map((each) => (each.kind === 'keys' ? each.keys : each.failure.message));

describe('extractMetadata', () => {
  it('runs the query on each record', async () => {
    const query = '{customer: .customer.id, year: (.at | strftime("%Y"))} # a comment';
    const records = ['{"customer":{"id":"é\\n"},"at":1565382027}', '{"customer":{"id":7},"at":0}'];
    expect(await extracted(query, ...records)).toEqual([
      { customer: 'é\n', year: '2019' },
      { customer: '7', year: '1970' },
    ]);
  });

  it('leaves what is missing null, for the prefix to refuse', async () => {
    expect(await extracted('{k: .a.b, l: .c}', '{"c":true}')).toEqual([{ k: null, l: 'true' }]);
  });

  it('fails records that are no JSON objects, or that the query fails on, and no others', async () => {
    const noKeys = 'partitionKeys values must not be null or empty';
    const records = ['{"a":{"b":"1"}}', 'text', '[]', '1', '{"a":"no object"}', '{"a":{"b":"2"}}', ''];
    expect(await extracted('{k: .a.b}', ...records)).toEqual([
      { k: '1' },
      'Non JSON record provided',
      'Non JSON record provided',
      'Non JSON record provided',
      noKeys,
      { k: '2' },
      'Non JSON record provided',
    ]);
    expect(await extracted('.a', ...records.slice(0, 2))).toEqual([{ b: '1' }, 'Non JSON record provided']);
    expect(await extracted('empty', '{}')).toEqual([noKeys]);
  });

  it('keeps a record that the engine can not read from failing its neighbours', async () => {
    const deep = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const [first, second, third] = await extracted('{k: .b}', '{"b":"x"}', deep, '{"b":"y"}');
    expect([first, third]).toEqual([{ k: 'x' }, { k: 'y' }]);
    expect(second).toMatch(/^The query failed: /);
  });

  it('gives up a query that never ends for a record, keeps its neighbours, and does not hold up the process', async () => {
    const records = ['{"k":"a"}', '{"loop":true}', '{"k":"b"}'].map((each) => Buffer.from(each));
    let turns = 0;
    const turning = setInterval(() => turns++, 10);
    const query = 'def forever: forever; if .loop then forever else {k} end';
    const [first, second, third] = await extractMetadata(records, query, { batch: 1000, record: 2000 });
    clearInterval(turning);
    expect(turns).toBeGreaterThan(10);
    expect([first, third]).toEqual([
      { kind: 'keys', keys: { k: 'a' } },
      { kind: 'keys', keys: { k: 'b' } },
    ]);
    expect(second).toMatchObject({ failure: { message: expect.stringContaining('takes too long for this record') } });
  });

  it('is not tried on all of many records that it never ends for', async () => {
    const records = Array<Buffer>(400).fill(Buffer.from('{}'));
    const query = 'def forever: forever; forever';
    const extracted = await extractMetadata(records, query, { batch: 100, record: 100 });
    expect(extracted).toHaveLength(400);
    expect(new Set(extracted.map(({ kind }) => kind))).toEqual(new Set(['failed']));
  });

  it('fails every record of a query that is none', async () => {
    expect(await extracted('{k: .a', '{"a":1}', '{}')).toEqual([
      expect.stringContaining('compile error'),
      expect.stringContaining('compile error'),
    ]);
  });

  it('takes more than one run holds, and refuses a record that no run holds', async () => {
    const large = (id: number, bytes: number) => JSON.stringify({ id, filler: 'x'.repeat(bytes) });
    const records = [large(1, maxQueryBytes / 2), large(2, maxQueryBytes / 2), large(3, maxQueryBytes), large(4, 1)];
    expect(await extracted('{id}', ...records)).toEqual([
      { id: '1' },
      { id: '2' },
      expect.stringContaining('of up to 524288 bytes'),
      { id: '4' },
    ]);
    const many = Array.from({ length: 1200 }, (_, index) => `{"id":${index}}`);
    expect(await extracted('{id}', ...many)).toEqual(many.map((_, index) => ({ id: String(index) })));
  });
});
