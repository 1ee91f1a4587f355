import { describe, expect, it } from '@jest/globals';
import { firehose, invocation, joining, lambda, record, responseBudgetBytes, slack, sqs } from '../../shared/limits.js';

/** Written out in bytes and milliseconds, as the platforms count them, and not as the code multiplies them. */
describe('the limits', () => {
  it('of Firehose are those of its documentation', () => {
    const { streamName, ...numbers } = firehose;
    expect(numbers).toEqual({
      maxRecordBytes: 1_024_000,
      maxBatchRecords: 500,
      maxBatchBytes: 4_194_304,
      billingIncrementBytes: 5120,
      maxTags: 50,
      maxStreams: 5000,
      maxEncryptionCalls: 25,
      encryptionCallsWindow: 86_400_000,
      maxOutstandingInvocations: 5,
      maxSubRecords: 500,
      maxActivePartitions: 500,
      maxPrefixLength: 512,
      defaultLambdaRetries: 3,
      defaultLambdaBufferBytes: 1_048_576,
      defaultLambdaBufferInterval: 60_000,
      defaultBufferBytes: 5_242_880,
      defaultBufferInterval: 300_000,
      minPartitionedBufferBytes: 67_108_864,
      minPartitionedBufferInterval: 60_000,
      maxQueryKeys: 50,
      defaultPartitioningRetry: 300_000,
    });
    expect(
      ['', 'a', 'A.b_c-9', 'x'.repeat(64), 'x'.repeat(65), 'a b', 'é'].map((name) => streamName.test(name)),
    ).toEqual([false, true, true, true, false, false, false]);
  });

  it('of Lambda are those of its documentation, and a response keeps 256 KiB of room', () => {
    expect(lambda).toEqual({
      maxPayloadBytes: 6_291_456,
      maxResponseBytes: 6_291_556,
      maxInitDuration: 10_000,
      maxDuration: 900_000,
      maxTransformTimeout: 300_000,
      maxUnpackedBytes: 262_144_000,
      maxEventBytes: 1_048_576,
      maxLogTail: 4096,
      asyncRetryDelays: [60_000, 120_000],
    });
    expect(responseBudgetBytes).toBe(6_029_312);
  });

  it('of SQS are 256 KiB a message, 1 MiB at most, and 14 days', () => {
    expect(sqs).toEqual({
      largestMessageBytes: 1_048_576,
      ...{ maxMessageBytes: 262_144, maxRetention: 1_209_600_000, defaultRetention: 345_600_000 },
      ...{ defaultVisibility: 30_000, maxVisibility: 43_200_000, maxDelay: 900_000, maxWait: 20_000 },
      ...{ maxBatchEntries: 10, maxMessageAttributes: 10, purgeWindow: 60_000 },
    });
  });

  it('of Slack are those of Block Kit', () => {
    expect(slack).toEqual({
      maxBlocks: 50,
      maxSectionText: 3000,
      maxSectionFields: 10,
      maxFieldText: 2000,
      maxHeaderText: 150,
      maxContextElements: 10,
      maxActionElements: 25,
      maxButtonText: 75,
      maxButtonUrl: 3000,
      maxText: 40_000,
      advisedText: 4000,
      maxBlocksText: 13_000,
      minInterval: 1000,
    });
  });

  it('of our own bound an invocation, a record and an entry', () => {
    expect(invocation).toEqual({ maxInflatedBytes: 536_870_912, maxLines: 2_000_000 });
    expect(record).toEqual({ maxInflatedBytes: 67_108_864, maxLines: 1_000_000, maxEventBytes: 1_000_000 });
    expect(joining).toEqual({
      maxLines: 3000,
      maxCharacters: 1_000_000,
      maxGap: 5000,
      maxPassing: 20,
      maxProcesses: 1000,
      maxStreams: 10_000,
      maxWaitingLines: 20,
      maxBlankLines: 2,
    });
  });
});
