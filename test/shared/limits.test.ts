import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { invocation, joining, record } from '../../shared/bounds.js';
import {
  athena,
  cloudFormation,
  cloudWatch,
  dynamodb,
  firehose,
  iam,
  lambda,
  responseBudgetBytes,
  slack,
  sns,
  sqs,
} from '../../shared/limits.js';

/** Written out in bytes and milliseconds, as the platforms count them, and not as the code multiplies them. */
describe('the limits', () => {
  it('of Firehose are those of its documentation', () => {
    const { streamName, streamQuotas, ...numbers } = firehose;
    expect(numbers).toEqual({
      maxRecordBytes: 1_024_000,
      maxBatchRecords: 500,
      maxBatchBytes: 4_194_304,
      alarmedFreshness: 900_000,
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
    const { functionName, ...others } = lambda;
    expect(others).toEqual({
      maxPayloadBytes: 6_291_456,
      maxResponseBytes: 6_291_556,
      maxInitDuration: 10_000,
      maxDuration: 900_000,
      maxTransformTimeout: 300_000,
      maxUnpackedBytes: 262_144_000,
      maxEventBytes: 1_048_576,
      maxLogTail: 4096,
      asyncRetryDelays: [60_000, 120_000],
      memoryOfVcpu: 1769,
      memory: { min: 128, max: 10_240 },
      ephemeralStorage: { min: 512, max: 10_240 },
      batchSize: { min: 1, max: 10_000 },
      batchingWindowSeconds: { min: 0, max: 300 },
      sourceConcurrency: { min: 2, max: 1000 },
      eventAgeSeconds: { min: 60, max: 21_600 },
      asyncRetries: { min: 0, max: 2 },
      maxEnvironmentBytes: 4096,
      advisedVisibility: 6,
      maxUnwaitedBatch: 10,
      nodeRuntimes: ['nodejs22.x', 'nodejs24.x'],
    });
    expect(accepted(functionName, 64)).toEqual([true, false, true, false]);
    expect(responseBudgetBytes).toBe(6_029_312);
  });

  it('of SQS are 1 MiB a message and a batch, and 14 days', () => {
    const { queueName, ...others } = sqs;
    expect(others).toEqual({
      billedTogether: 65_536,
      ...{ maxMessageBytes: 1_048_576, maxRetention: 1_209_600_000, defaultRetention: 345_600_000 },
      ...{ defaultVisibility: 30_000, maxVisibility: 43_200_000, maxDelay: 900_000, maxWait: 20_000 },
      ...{ maxBatchEntries: 10, maxMessageAttributes: 10, purgeWindow: 60_000 },
      ...{ minRetention: 60_000, leastMessageBytes: 1024, receiveCount: { min: 1, max: 1000 } },
    });
    expect(accepted(queueName, 80)).toEqual([true, false, true, false]);
    expect(queueName.test('orders.fifo')).toBe(true);
  });

  it('of what a deployment makes are those of each service', () => {
    expect(cloudFormation).toEqual({
      ...{ maxTemplateBytes: 1_048_576, maxResources: 500, maxOutputs: 200, maxDescriptionBytes: 1024 },
    });
    const { roleName, ...sizes } = iam;
    expect(sizes).toEqual({ maxInlineCharacters: 10_240, maxManagedCharacters: 6144, maxTrustCharacters: 2048 });
    expect(accepted(roleName, 64)).toEqual([true, true, true, false]);
    expect(cloudWatch.maxEvaluated).toEqual({ short: 86_400_000, long: 604_800_000 });
    expect(accepted(cloudWatch.logGroupName, 512)).toEqual([true, true, true, false]);
    expect(accepted(cloudWatch.alarmName, 255)).toEqual([true, true, true, false]);
    expect(accepted(athena.workGroupName, 128)).toEqual([true, true, true, false]);
    expect(accepted(sns.topicName, 256)).toEqual([true, false, true, false]);
    expect(accepted(dynamodb.tableName, 255)).toEqual([false, true, true, false]);
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

  it('say where they are from, and when that was read', async () => {
    const text = await readFile('shared/limits.ts', 'utf8');
    const groups = [...text.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\nexport const (\w+) = \{/gs)];
    expect(groups.length).toBe(text.match(/^export const \w+ = \{/gm)?.length);
    const nameless = groups.filter(([, comment = '']) => !/https:\/\/.*read 2\d{3}-\d\d-\d\d/s.test(comment));
    expect(nameless.map(([, , name]) => name)).toEqual([]);
  });
});

/** Whether a name of a letter is taken, one with a dot, one of the greatest length and one that is longer. */
function accepted(pattern: RegExp, greatest: number): boolean[] {
  return ['a', 'a.b', 'a'.repeat(greatest), 'a'.repeat(greatest + 1)].map((name) => pattern.test(name));
}
