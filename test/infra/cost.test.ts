import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Infra } from '../../local/infra/infra.js';
import { keptDays } from '../../local/infra/keptDays.js';
import { defaultInput } from '../../shared/cost/input.js';
import { deployed } from '../../shared/cost/traffic.js';

let infra: Infra;
beforeAll(async () => {
  const account = { region: 'us-east-1', id: '000000000000', stage: 'test', queueUrl: () => 'http://127.0.0.1/queue' };
  infra = await Infra.load(resolve('.'), account);
});

describe('the model of the bill', () => {
  it.each(['transform', 'alert', 'sweep', 'compact', 'forward'] as const)('knows the memory of %s', (name) => {
    expect(deployed[name].memoryMb).toBe(infra.functionSettings(name).settings.memorySize);
  });

  it.each(['sweep', 'compact'] as const)('knows how often %s runs', (name) => {
    const minutes = deployed[name].everySeconds / 60;
    const rate = minutes === 1 ? 'rate(1 minute)' : `rate(${minutes} minutes)`;
    expect(infra.functionSettings(name).settings.events).toContainEqual({ schedule: rate });
  });

  it('knows how many messages alert gets at a time', () => {
    const { batchSize, windowSeconds } = deployed.alert;
    expect(infra.functionSettings('alert').settings.events).toContainEqual({
      sqs: expect.objectContaining({ batchSize, maximumBatchingWindow: String(windowSeconds) }),
    });
  });

  it('knows what the stream gathers', () => {
    const { ExtendedS3DestinationConfiguration: destination } = infra.resource('LogStream')
      .properties as unknown as Stream;
    const { BufferingHints, ProcessingConfiguration } = destination;
    expect(BufferingHints).toEqual({
      SizeInMBs: deployed.objects.bytes / 2 ** 20,
      IntervalInSeconds: deployed.objects.seconds,
    });
    expect(ProcessingConfiguration.Processors[0]?.Parameters).toEqual(
      expect.arrayContaining([
        { ParameterName: 'BufferSizeInMBs', ParameterValue: String(deployed.transform.bufferBytes / 2 ** 20) },
        { ParameterName: 'BufferIntervalInSeconds', ParameterValue: String(deployed.transform.bufferSeconds) },
      ]),
    );
  });

  it('knows how long the bucket keeps what', () => {
    expect(keptDays(infra)).toEqual({
      landed: defaultInput.landedDays,
      parquet: defaultInput.retentionDays,
      indexes: deployed.indexDays,
    });
  });

  it('knows how long logs are kept', () => {
    expect(infra.resource('DeliveryLogGroup').properties.RetentionInDays).toBe(String(deployed.logDays));
  });

  it('moves Parquet to Intelligent-Tiering as soon as it is there', () => {
    const { LifecycleConfiguration } = infra.resource('LogsBucket').properties as unknown as Bucket;
    expect(LifecycleConfiguration.Rules).toContainEqual(
      expect.objectContaining({
        Prefix: 'parquet/',
        Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }],
      }),
    );
  });
});

interface Stream {
  readonly ExtendedS3DestinationConfiguration: {
    readonly BufferingHints: unknown;
    readonly ProcessingConfiguration: { readonly Processors: readonly { readonly Parameters: readonly unknown[] }[] };
  };
}

interface Bucket {
  readonly LifecycleConfiguration: { readonly Rules: readonly unknown[] };
}
