import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failedRecord, failedRecords } from '../../../../shared/replay/records/failedRecords.js';
import type { Found } from '../../../../shared/replay/records/sourceRecord.js';
import { chunksOf, failedLine } from '../../../helpers/replayWorld.js';

/** Every way in which a key has been spelled: https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html */
const spellings = {
  raw: ['rawData', 'RawData'],
  code: ['errorCode', 'ErrorCode', 'lastErrorCode', 'LastErrorCode'],
  text: ['errorMessage', 'ErrorMessage', 'lastErrorMessage'],
  lambda: ['lambdaArn', 'lambdaARN'],
  arrival: ['arrivalTimestamp'],
} as const;

/** The members of a line in any order and spelling, and what they say. */
const lines = fc
  .record({
    data: fc.uint8Array({ minLength: 1, maxLength: 300 }),
    code: fc.constantFrom(
      'Lambda.FunctionError',
      'Lambda.ProcessingFailedStatus',
      'DynamicPartitioning.MetadataExtractionFailed',
    ),
    arrival: fc.integer({ min: 0, max: 2_000_000_000_000 }),
    isText: fc.boolean(),
    names: fc.record(
      Object.fromEntries(Object.entries(spellings).map(([name, all]) => [name, fc.constantFrom(...all)])) as {
        [name in keyof typeof spellings]: fc.Arbitrary<string>;
      },
    ),
  })
  .chain(({ data, code, arrival, isText, names }) => {
    const members: readonly (readonly [string, unknown])[] = [
      [names.raw, Buffer.from(data).toString('base64')],
      [names.code, code],
      [names.text, 'what happened'],
      [names.arrival, isText ? String(arrival) : arrival],
      [names.lambda, 'arn:aws:lambda:us-east-1:000000000000:function:f'],
      ['attemptsMade', 4],
      ['sequenceNumber', null],
    ];
    return fc
      .shuffledSubarray([...members], { minLength: members.length })
      .map((shuffled) => ({ line: JSON.stringify(Object.fromEntries(shuffled)), data, code, arrival }));
  });

async function read(body: Buffer | string): Promise<Found[]> {
  const found: Found[] = [];
  for await (const each of failedRecords(chunksOf(Buffer.from(body)))) found.push(each);
  return found;
}

describe('failedRecords', () => {
  it('reads every record, however its keys are spelled and ordered, gzipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(lines, { maxLength: 5 }), fc.boolean(), fc.boolean(), async (all, isGzip, hasEnd) => {
        const text = all.map(({ line }) => line).join('\n') + (hasEnd ? '\n' : '');
        const found = await read(isGzip ? gzipSync(text) : text);
        expect(found).toEqual(
          all.map(({ data, code, arrival }) => ({ data: Buffer.from(data), errorCode: code, arrival })),
        );
      }),
    );
  });

  it.each([
    ['no JSON', 'a line is no JSON object'],
    ['["a"]', 'a line is no JSON object'],
    ['{"errorCode":"x"}', 'a line has no rawData'],
    ['{"rawData":7}', 'a line has no rawData'],
    ['{"rawData":"YWJj*ZGVm"}', 'rawData is not base64'],
    ['{"rawData":""}', 'the record is empty'],
  ])('tells what is wrong with %s, and goes on behind it', async (line, problem) => {
    expect(await read(`${line}\n${failedLine('a')}`)).toEqual([
      { problem: expect.stringContaining(problem) },
      expect.objectContaining({ data: Buffer.from('a') }),
    ]);
  });

  it('knows neither code nor arrival where a line has none', () => {
    expect(failedRecord('{"rawData":"YQ==","arrivalTimestamp":"soon"}')).toEqual({
      data: Buffer.from('a'),
      errorCode: 'unknown',
      arrival: undefined,
    });
  });

  it('says what an object is that holds no lines', async () => {
    await expect(read(Buffer.from('PAR1....'))).rejects.toThrow(
      'it is Parquet; only lines of text can be put on the stream',
    );
  });
});
