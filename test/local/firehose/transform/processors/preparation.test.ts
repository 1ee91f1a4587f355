import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Processor } from '../../../../../local/firehose/stream/streamConfig.js';
import { isPrepared, prepare } from '../../../../../local/firehose/transform/processors/preparation.js';

const envelope = (messageType: string, ...messages: string[]) => ({
  messageType,
  owner: '123456789012',
  logGroup: 'group',
  logStream: 'stream',
  subscriptionFilters: ['all'],
  logEvents: messages.map((message, index) => ({ id: String(index), timestamp: 1_763_830_800_000, message })),
});
const zipped = (value: unknown) => gzipSync(JSON.stringify(value));
const logs: readonly Processor[] = [{ kind: 'decompression' }, { kind: 'cloudWatchLogs', extractMessages: true }];
const texts = (data: Buffer, processors: readonly Processor[]) => {
  const prepared = prepare(data, processors);
  return prepared.kind === 'ready' ? prepared.records.map(String) : prepared.failure;
};

describe('Decompression', () => {
  it('inflates a gzip, of several members as well', () => {
    const data = Buffer.concat([gzipSync('a'), gzipSync('b')]);
    expect(texts(data, [{ kind: 'decompression' }])).toEqual(['ab']);
  });

  it.each([
    ['no gzip', Buffer.from('hello')],
    ['a gzip cut short', gzipSync('hello').subarray(0, 15)],
    ['a bomb', gzipSync(Buffer.alloc(65 * 1024 * 1024))],
  ])('fails for %s', (_, data) => {
    expect(texts(data, [{ kind: 'decompression' }])).toMatchObject({ errorType: 'decompression-failed' });
  });
});

describe('CloudWatchLogProcessing', () => {
  it('extracts the messages, one a line', () => {
    expect(texts(zipped(envelope('DATA_MESSAGE', 'one', 'two')), logs)).toEqual(['one\ntwo\n']);
  });

  it('drops a CONTROL_MESSAGE, extracting or not', () => {
    const control = zipped(envelope('CONTROL_MESSAGE', 'CWL CONTROL MESSAGE: Checking health of destination'));
    expect(texts(control, logs)).toEqual([]);
    const kept: readonly Processor[] = [{ kind: 'decompression' }, { kind: 'cloudWatchLogs', extractMessages: false }];
    expect(texts(control, kept)).toEqual([]);
    expect(texts(zipped(envelope('DATA_MESSAGE', 'one')), kept)).toEqual([
      JSON.stringify(envelope('DATA_MESSAGE', 'one')),
    ]);
  });

  it.each([['text'], [null], [[]], [{ messageType: 'DATA_MESSAGE' }], [{ logEvents: [null] }]])(
    'fails for %j',
    (value) => {
      expect(texts(zipped(value), logs)).toMatchObject({ errorType: 'processing-failed' });
    },
  );

  it('is followed by the deaggregation of what it extracted', () => {
    const processors: readonly Processor[] = [...logs, { kind: 'deaggregation', subRecords: 'JSON' }];
    expect(texts(zipped(envelope('DATA_MESSAGE', '{"a":1}', '{"a":2}')), processors)).toEqual(['{"a":1}', '{"a":2}']);
  });
});

it('leaves a record alone when no processor comes before the transform', () => {
  const later: readonly Processor[] = [{ kind: 'metadata', query: '{k:.a}' }, { kind: 'appendDelimiter' }];
  expect(isPrepared(later)).toBe(false);
  expect(isPrepared(logs)).toBe(true);
  expect(texts(Buffer.from('{"a":1}\n'), later)).toEqual(['{"a":1}\n']);
});
