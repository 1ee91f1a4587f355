import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PrefixExpression } from '../../../../local/firehose/dates/prefix.js';
import { BufferBound } from '../../../../local/firehose/stream/bufferBound.js';
import { ObjectFolder } from '../../../../local/s3/store/objectFolder.js';
import {
  bucketOf,
  echo,
  echoed,
  flushThroughRetries,
  lambdaArn,
  lambdaProcessor,
  objectsIn,
  openStream,
  returned,
  type TransformEvent,
  testConfig,
  threw,
} from '../../../helpers/localStream.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

const buffers = (...texts: string[]) => texts.map((text) => Buffer.from(text));
const decoded = (event: TransformEvent | undefined) =>
  event?.records.map(({ data }) => Buffer.from(data, 'base64').toString());

/** Every line of every object, sorted. */
async function deliveredLines(folder: string): Promise<string[]> {
  const objects = await objectsIn(folder);
  return [...objects.values()].flatMap((text) => text.split('\n').filter((line) => line !== '')).sort();
}

describe('buffering', () => {
  it('invokes the transform when the interval of the oldest record is over, with what came until then, in order', async () => {
    const { stream, clock, invocations } = await openStream(await tempFolder());
    stream.start();
    await stream.put(buffers('app:1\n'), 'client');
    clock.advance(19_000);
    await stream.put(buffers('app:2\n', 'app:3\n'), 'client');
    expect(invocations).toHaveLength(0);
    clock.advance(1000);
    await stream.flush();
    expect(invocations.map(decoded)).toEqual([['app:1\n', 'app:2\n', 'app:3\n']]);
    expect(invocations[0]).toMatchObject({ deliveryStreamArn: testConfig.arn, region: 'us-east-1' });
    expect(invocations[0]?.records[0]).toEqual({
      recordId: expect.stringMatching(/^4964\d{58}$/),
      approximateArrivalTimestamp: Date.parse('2026-11-22T16:45:00Z'),
      data: Buffer.from('app:1\n').toString('base64'),
    });
    await stream.close();
  });

  it('delivers an object by its interval while nothing else happens', async () => {
    const folder = await tempFolder();
    const { stream, clock, events } = await openStream(folder);
    stream.start();
    await stream.put(buffers('app:1\n'), 'client');
    const transformed = new Promise<void>((resolve) => {
      const after = clock.after.bind(clock);
      // The transform's outcome is recorded when the object's timer is set.
      clock.after = (ms, run) => {
        resolve();
        return after(ms, run);
      };
    });
    clock.advance(20_000);
    await transformed;
    const delivered = once(events, 'delivered');
    clock.advance(59_999);
    expect(await objectsIn(folder)).toEqual(new Map());
    clock.advance(1);
    await delivered;
    expect(await deliveredLines(folder)).toEqual(['app:1']);
    await stream.close();
  });

  it('invokes at once when the size hint is reached, and never with more than it', async () => {
    const config = { ...testConfig, processors: [lambdaProcessor({ bytes: 10, interval: 20_000 })] };
    const { stream, invocations } = await openStream(await tempFolder(), echo, { config });
    stream.start();
    await stream.put(buffers('a:34', 'a:34', 'a:34', 'a:3456789012', 'a:34567890'), 'client');
    await stream.flush();
    expect(invocations.map(decoded)).toEqual([['a:34', 'a:34'], ['a:34'], ['a:3456789012'], ['a:34567890']]);
    await stream.close();
  });

  it('keeps the event within the payload limit when records are tiny', async () => {
    const { stream, invocations } = await openStream(await tempFolder());
    stream.start();
    for (let batch = 0; batch < 100; batch++) await stream.put(Array(500).fill(Buffer.from('a:1')), 'client');
    await stream.flush();
    expect(invocations.length).toBeGreaterThan(1);
    expect(Math.max(...invocations.map((event) => JSON.stringify(event).length))).toBeLessThan(6 * 1024 * 1024);
    expect(invocations.flatMap((event) => event.records)).toHaveLength(50_000);
    await stream.close();
  });

  it('gives each partition its own object, named as Firehose names it, records joined verbatim', async () => {
    const folder = await tempFolder();
    const { stream, clock } = await openStream(folder);
    stream.start();
    await stream.put(buffers('app:1', 'access:1'), 'client');
    clock.advance(5000);
    await stream.put(buffers('app:2'), 'client');
    await stream.flush();
    const objects = await objectsIn(folder);
    const name = '-1-2026-11-22-16-45-00-[0-9a-f-]{36}\\.json\\.gz$';
    expect([...objects].sort()).toEqual([
      [expect.stringMatching(`^logs/type=access/logs${name}`), 'access:1'],
      [expect.stringMatching(`^logs/type=app/logs${name}`), 'app:1app:2'],
    ]);
    await stream.close();
  });

  it('refuses what would exceed its memory and takes puts again after the delivery', async () => {
    const { stream } = await openStream(await tempFolder(), echo, { bound: new BufferBound(6000) });
    stream.start();
    const kilobyte = Buffer.from(`app:${'x'.repeat(1000)}`);
    expect(await stream.put([kilobyte, kilobyte, kilobyte, kilobyte], 'client')).toBe(3);
    expect(await stream.put([kilobyte], 'client')).toBe(0);
    await stream.flush();
    expect(await stream.put([kilobyte], 'client')).toBe(1);
    await stream.close();
  });
});

describe('a partition that can not be written', () => {
  /** A stream whose store refuses for as long as it is told to; the pauses between attempts pass at once. */
  async function refusing(folder: string, retrySeconds: number) {
    const store = { refuses: true };
    const config = { ...testConfig, partitioning: { retrySeconds } };
    const faults = {
      puts: () => 0,
      invocation: () => undefined,
      store: () => (store.refuses ? ('error' as const) : undefined),
      redeliver: () => false,
    };
    const opened = await openStream(folder, echo, { config, faults });
    const { clock, events, stream } = opened;
    const after = clock.after.bind(clock);
    clock.after = (ms, run) => {
      if (ms !== 1000) return after(ms, run);
      queueMicrotask(run);
      return () => undefined;
    };
    const failed: unknown[] = [];
    events.on('failed', (failure) => failed.push(failure));
    stream.start();
    await stream.put(buffers('app:1', 'app:2'), 'client');
    const attempt = () => expect(stream.flush()).rejects.toThrow('Not every object could be written');
    return { ...opened, store, failed, attempt };
  }

  it('goes to the error prefix once RetryOptions.DurationInSeconds are over, counted from the first failure', async () => {
    const folder = await tempFolder();
    const { stream, clock, store, failed, attempt } = await refusing(folder, 300);
    await attempt();
    clock.advance(299_999);
    await attempt();
    expect(failed).toEqual([]);
    clock.advance(1);
    await attempt();
    expect(failed).toMatchObject([{ errorType: 'delivery-failed', records: 2 }]);
    store.refuses = false;
    await stream.flush();
    const [[key, text] = [], ...others] = await objectsIn(folder);
    expect([key, others]).toEqual([expect.stringMatching(/^failed\/delivery-failed\/dt=/), []]);
    expect(
      String(text)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject(
      ['app:1', 'app:2'].map((line) => ({
        attemptsMade: expect.any(Number),
        errorCode: 'S3.DeliveryFailed',
        rawData: Buffer.from(line).toString('base64'),
      })),
    );
    await stream.close();
  });

  it('is written where it belongs when the store recovers in time', async () => {
    const folder = await tempFolder();
    const { stream, clock, store, failed, attempt } = await refusing(folder, 300);
    await attempt();
    clock.advance(200_000);
    store.refuses = false;
    await stream.flush();
    expect([[...(await objectsIn(folder)).values()], failed]).toEqual([['app:1app:2'], []]);
    await stream.close();
  });

  it('is not tried again with a duration of 0', async () => {
    const folder = await tempFolder();
    const { stream, store, failed, attempt } = await refusing(folder, 0);
    await attempt();
    expect(failed).toMatchObject([{ errorType: 'delivery-failed', records: 2 }]);
    store.refuses = false;
    await stream.flush();
    expect([...(await objectsIn(folder)).keys()]).toEqual([expect.stringMatching(/^failed\/delivery-failed\//)]);
    await stream.close();
  });
});

describe('retries and failures', () => {
  it('repeats a failed invocation with the same records and a new id', async () => {
    const folder = await tempFolder();
    let failures = 2;
    const opened = await openStream(folder, (event) => (failures-- > 0 ? threw : echo(event)));
    const { stream, invocations } = opened;
    stream.start();
    await stream.put(buffers('app:1\n'), 'client');
    await flushThroughRetries(opened);
    expect(invocations).toHaveLength(3);
    expect(new Set(invocations.map(({ invocationId }) => invocationId)).size).toBe(3);
    expect(new Set(invocations.map(({ records }) => JSON.stringify(records))).size).toBe(1);
    expect(await deliveredLines(folder)).toEqual(['app:1']);
    await stream.close();
  });

  it('sends the originals to the error output when every attempt failed', async () => {
    const folder = await tempFolder();
    const opened = await openStream(folder, () => threw);
    const { stream, events, invocations } = opened;
    const failed: unknown[] = [];
    events.on('failed', (failure) => failed.push(failure));
    stream.start();
    await stream.put(buffers('app:1', 'app:2'), 'client');
    await flushThroughRetries(opened);
    expect(invocations).toHaveLength(4);
    expect(failed).toEqual([
      expect.objectContaining({ errorType: 'processing-failed', code: 'Lambda.FunctionError', records: 2 }),
    ]);
    const [[key, text] = []] = await objectsIn(folder);
    expect(key).toMatch(/^failed\/processing-failed\/dt=2026-11-22\/logs-1-2026-11-22-16-45-00-[0-9a-f-]{36}$/);
    const lines = String(text)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ rawData }) => Buffer.from(rawData, 'base64').toString())).toEqual(['app:1', 'app:2']);
    expect(lines[0]).toEqual({
      attemptsMade: 4,
      arrivalTimestamp: Date.parse('2026-11-22T16:45:00Z'),
      errorCode: 'Lambda.FunctionError',
      errorMessage: 'The Lambda function was successfully invoked but it returned an error result.',
      attemptEndingTimestamp: expect.any(Number),
      rawData: expect.any(String),
      lambdaArn,
    });
    await stream.close();
  });

  it.each([
    ['missing', {}],
    ['empty', { partitionKeys: { type: '' } }],
    ['no string', { partitionKeys: { type: 5 } }],
    ['too long for a key of S3', { partitionKeys: { type: 'x'.repeat(1024) } }],
  ])('sends a record whose partition key is %s to metadata-extraction-failed', async (_, metadata) => {
    const folder = await tempFolder();
    const { stream } = await openStream(folder, ({ records }) =>
      returned(records.map((record) => ({ ...echoed(record), metadata }))),
    );
    stream.start();
    await stream.put(buffers('app:1'), 'client');
    await stream.flush();
    const [[key, text] = []] = await objectsIn(folder);
    expect(key).toMatch(/^failed\/metadata-extraction-failed\//);
    expect(JSON.parse(String(text))).toMatchObject({
      errorCode: 'DynamicPartitioning.MetadataExtractionFailed',
      rawData: Buffer.from('app:1').toString('base64'),
    });
    await stream.close();
  });

  it('delivers under a key that is no path, and stays in the bucket', async () => {
    const folder = await tempFolder();
    const { stream } = await openStream(folder, ({ records }) =>
      returned(records.map((record) => ({ ...echoed(record), metadata: { partitionKeys: { type: 'x/../../../y' } } }))),
    );
    stream.start();
    await stream.put(buffers('app:1'), 'client');
    await stream.flush();
    expect(await bucketOf(folder).keys('logs/')).toEqual([
      expect.stringMatching(/^logs\/type=x\/\.\.\/\.\.\/\.\.\/y\//),
    ]);
    expect(await objectsIn(folder)).toEqual(new Map());
    await stream.close();
  });

  it('leaves no trace of dropped records', async () => {
    const folder = await tempFolder();
    const { stream } = await openStream(folder, ({ records }) =>
      returned(records.map(({ recordId }) => ({ recordId, result: 'Dropped' }))),
    );
    stream.start();
    await stream.put(buffers('app:1'), 'client');
    await stream.flush();
    expect(await objectsIn(folder)).toEqual(new Map());
    await stream.close();
  });
});

describe('what a crash leaves', () => {
  it('takes up what was acknowledged but not transformed', async () => {
    const folder = await tempFolder();
    const killed = await openStream(folder);
    killed.stream.start();
    await killed.stream.put(buffers('app:1\n', 'error:2\n'), 'client');

    const { stream, invocations } = await openStream(folder);
    stream.start();
    await stream.flush();
    expect(invocations.map(decoded)).toEqual([['app:1\n', 'error:2\n']]);
    expect(await deliveredLines(folder)).toEqual(['app:1', 'error:2']);
    await stream.close();
  });

  it('repeats the interrupted invocation with the same records and ids, and forgets what it had put back', async () => {
    const folder = await tempFolder();
    let interrupted: (() => void) | undefined;
    const running = new Promise<void>((resolve) => {
      interrupted = resolve;
    });
    const killed = await openStream(folder, async () => {
      await killed.stream.put(buffers('access:left over\n'), 'transform');
      interrupted?.();
      return new Promise(() => undefined);
    });
    killed.stream.start();
    await killed.stream.put(buffers('app:1\n', 'app:2\n'), 'client');
    killed.clock.advance(20_000);
    await running;
    await killed.stream.put(buffers('app:3\n'), 'client');

    let putBack = false;
    const { stream, invocations } = await openStream(folder, async (event) => {
      if (!putBack) await stream.put(buffers('access:left over\n'), 'transform');
      putBack = true;
      return echo(event);
    });
    stream.start();
    await stream.flush();
    expect(invocations[0]?.records).toEqual(killed.invocations[0]?.records);
    expect(decoded(invocations[0])).toEqual(['app:1\n', 'app:2\n']);
    expect(await deliveredLines(folder)).toEqual(['access:left over', 'app:1', 'app:2', 'app:3']);
    await stream.close();
  });

  it.each(['stage', 'commit'] as const)('delivers once when it died in %s', async (step) => {
    const folder = await tempFolder();
    let reached: (() => void) | undefined;
    const there = new Promise<void>((resolve) => {
      reached = resolve;
    });
    class DyingFolder extends ObjectFolder {
      override async stage(chunks: readonly Uint8Array[]): Promise<string> {
        const staged = await super.stage(chunks);
        return step === 'stage' ? this.die() : staged;
      }
      override async commit(staged: string, key: string): Promise<void> {
        return step === 'commit' ? this.die() : super.commit(staged, key);
      }
      private die(): Promise<never> {
        reached?.();
        return new Promise(() => undefined);
      }
    }
    const objects = new DyingFolder(bucketOf(folder).folder, join(folder, 'staging'));
    const killed = await openStream(folder, echo, { objects: () => objects });
    killed.stream.start();
    await killed.stream.put(buffers('app:1\n'), 'client');
    void killed.stream.flush();
    await there;
    expect(await readdir(join(folder, 'staging'))).toHaveLength(1);

    const { stream } = await openStream(folder);
    stream.start();
    await stream.flush();
    expect(await deliveredLines(folder)).toEqual(['app:1']);
    expect(await readdir(join(folder, 'staging'))).toEqual([]);
    await stream.close();
  });

  it('delivers nothing twice however often it is restarted', async () => {
    const folder = await tempFolder();
    for (let round = 0; round < 5; round++) {
      const { stream } = await openStream(folder);
      stream.start();
      await stream.put(buffers(`app:${round} a\n`, `error:${round} b\n`), 'client');
      if (round % 2 === 0) await stream.flush();
    }
    const { stream } = await openStream(folder);
    stream.start();
    await stream.flush();
    const lines = Array.from({ length: 5 }, (_, round) => [`app:${round} a`, `error:${round} b`]).flat();
    expect(await deliveredLines(folder)).toEqual(lines.sort());
    await stream.close();
    const { stream: last } = await openStream(folder);
    last.start();
    await last.flush();
    expect(await readdir(join(folder, 'journal'))).toHaveLength(1);
    await last.close();
  });
});

it('puts a transform’s own records back on the stream once its invocation is over', async () => {
  const folder = await tempFolder();
  const { stream, invocations } = await openStream(
    folder,
    async (event) => {
      const first = event.records[0];
      if (decoded(event)?.[0] === 'app:first\n' && first) {
        await stream.put(buffers('access:back\n'), 'transform');
        return returned([{ recordId: first.recordId, result: 'Dropped' }]);
      }
      return echo(event);
    },
    { config: { ...testConfig, prefix: new PrefixExpression('x/!{partitionKeyFromLambda:type}/') } },
  );
  stream.start();
  await stream.put(buffers('app:first\n'), 'client');
  await stream.flush();
  expect(invocations.map(decoded)).toEqual([['app:first\n'], ['access:back\n']]);
  expect([...(await objectsIn(folder)).keys()]).toEqual([expect.stringMatching(/^x\/access\//)]);
  await stream.close();
});
