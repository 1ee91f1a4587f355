import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readTransformResponse } from '../../../../local/firehose/transform/transformResponse.js';

const ok = (recordId: string) => ({ recordId, result: 'Ok', data: 'YQ==', metadata: { partitionKeys: { t: 'x' } } });
const codes = (payload: unknown, ids: string[]) =>
  readTransformResponse(typeof payload === 'string' ? payload : JSON.stringify(payload), ids).map((verdict) =>
    verdict.result === 'failed' ? verdict.code : verdict.result,
  );

describe('readTransformResponse', () => {
  it('reads each result, whatever the order', () => {
    const records = [
      { recordId: '3', result: 'ProcessingFailed', data: '' },
      { recordId: '2', result: 'Dropped' },
      ok('1'),
    ];
    expect(readTransformResponse(JSON.stringify({ records }), ['1', '2', '3'])).toEqual([
      { result: 'Ok', data: Buffer.from('a'), partitionKeys: { t: 'x' } },
      { result: 'Dropped' },
      {
        result: 'failed',
        errorType: 'processing-failed',
        code: 'Lambda.ProcessingFailedStatus',
        message: 'ProcessingFailed status set for record',
      },
    ]);
  });

  // The table "Bad responses": what it concerns is failed, the neighbours are not.
  it.each([
    ['an id is missing', { records: [ok('1')] }, ['Ok', 'Lambda.MissingRecordId']],
    ['an unknown id came', { records: [ok('1'), ok('9')] }, ['Ok', 'Lambda.MissingRecordId']],
    ['there is no records array', { result: 'Ok' }, ['Lambda.MissingRecordId', 'Lambda.MissingRecordId']],
    ['the answer is null', null, ['Lambda.MissingRecordId', 'Lambda.MissingRecordId']],
    ['an id came twice', { records: [ok('1'), ok('2'), ok('2')] }, ['Ok', 'Lambda.DuplicatedRecordId']],
    ['Ok has no data', { records: [ok('1'), { recordId: '2', result: 'Ok' }] }, ['Ok', 'Lambda.FunctionError']],
    [
      'a result is unknown',
      { records: [ok('1'), { ...ok('2'), result: 'OK' }] },
      ['Lambda.FunctionError', 'Lambda.FunctionError'],
    ],
    [
      'data is not base64',
      { records: [ok('1'), { ...ok('2'), data: '{}' }] },
      ['Lambda.FunctionError', 'Lambda.FunctionError'],
    ],
    ['the answer is not JSON', 'oops', ['Lambda.JsonProcessingException', 'Lambda.JsonProcessingException']],
  ])('when %s', (_, payload, expected) => {
    expect(codes(payload, ['1', '2'])).toEqual(expected);
  });

  it('gives one verdict for each id, whatever the function answers', () => {
    const ids = ['1', '2', '3'];
    const answer = fc.record(
      {
        recordId: fc.constantFrom(...ids, '4'),
        result: fc.constantFrom('Ok', 'Dropped', 'ProcessingFailed', 7),
        data: fc.oneof(fc.base64String(), fc.constant(null), fc.anything()),
        metadata: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const payload = fc.oneof(
      fc.json(),
      fc.string(),
      fc.array(answer).map((records) => JSON.stringify({ records })),
    );
    fc.assert(
      fc.property(payload, (text) => {
        expect(readTransformResponse(text, ids)).toHaveLength(3);
      }),
    );
  });
});
