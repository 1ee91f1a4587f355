import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SQSEvent } from 'aws-lambda';
import { failedLine, ReplayWorld } from '../helpers/replayWorld.js';

let world: ReplayWorld;
/** What was asked of SQS: ms, queue, receipt. */
let deliveredAgain: [number, string, string][] = [];
let isQueueDown = false;
jest.unstable_mockModule('../../functions/adapters/s3Documents.js', () => ({
  s3Documents: () => ({
    get: (key: string) => world.documents.get(key),
    create: (key: string, body: Uint8Array) => world.documents.create(key, body),
    replace: (key: string, body: Uint8Array, etag: string) => world.documents.replace(key, body, etag),
  }),
}));
jest.unstable_mockModule('../../functions/adapters/s3SourceObjects.js', () => ({
  s3SourceObjects: new Proxy({}, { get: (_, name) => Reflect.get(world.objects, name) }),
}));
jest.unstable_mockModule('../../functions/adapters/sqsReplayTasks.js', () => ({
  sqsReplayTasks: () => ({ send: (tasks: []) => world.queue.send(tasks) }),
}));
jest.unstable_mockModule('../../functions/adapters/deliverAgain.js', () => ({
  deliverAgainAfter: async (...call: [number, string, string]) => {
    deliveredAgain.push(call);
    if (isQueueDown) throw new Error('no such queue');
  },
}));
jest.unstable_mockModule('../../functions/adapters/firehoseStream.js', () => ({
  firehoseStream: () => ({ putBatch: (records: []) => world.stream.putBatch(records) }),
}));
Object.assign(process.env, {
  LOGS_BUCKET: 'logs',
  REPLAY_QUEUE_URL: 'https://queue.example/replay',
  STREAM: 'logs',
  PUT_BACK_KEYS: 'key',
  REPLAY_MEGABYTES_PER_SECOND: '0.5',
  REPLAY_RECORDS_PER_SECOND: '1000',
});
const { handler: answer } = await import('../../functions/replay.js');
const { handler: work } = await import('../../functions/replayWorker.js');

const context = { getRemainingTimeInMillis: () => 300_000 } as Context;
const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
const key = 'failed/processing-failed/dt=2026-11-28/hour=13/logs-1';

beforeEach(() => {
  world = new ReplayWorld();
  deliveredAgain = [];
  isQueueDown = false;
  warn.mockClear();
});

function eventOf(...bodies: readonly string[]): SQSEvent {
  return {
    Records: bodies.map((body, index) => ({
      body,
      messageId: `m${index}`,
      receiptHandle: `r${index}`,
      attributes: { ApproximateReceiveCount: String(index + 1) },
    })),
  } as SQSEvent;
}

/** Hands the worker what was queued, until nothing is. */
async function workOff(): Promise<void> {
  for (let task = world.queued.shift(); task; task = world.queued.shift()) {
    expect(await work(eventOf(JSON.stringify(task)), context)).toEqual({ batchItemFailures: [] });
  }
}

describe('functions/replay and functions/replayWorker', () => {
  it('put back what was asked for', async () => {
    world.add('logs', key, failedLine('a') + failedLine('b'));
    const { replay } = await answer({ source: 'failed', dryRun: false });
    await workOff();
    expect(world.onStream.map((data) => gunzipSync(data).toString())).toEqual(['a', 'b']);
    expect(await answer({ status: replay })).toMatchObject({ state: 'done', records: { put: 2 } });
  });

  it('give a task back that failed, with the reason in the log', async () => {
    world.add('logs', key, failedLine('a'));
    const { replay } = await answer({ source: 'failed', dryRun: false });
    world.fate = () => 'fails before';
    const body = JSON.stringify({ replay });
    expect(await work(eventOf('no task', body), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm0' }, { itemIdentifier: 'm1' }],
    });
    expect(warn.mock.calls.map(([line]) => JSON.parse(String(line)))).toMatchObject([
      { messageId: 'm0', reason: expect.stringContaining('JSON') },
      { messageId: 'm1', task: body, reason: 'Error: get failed' },
    ]);
    expect(deliveredAgain).toEqual([
      [60_000, 'https://queue.example/replay', 'r0'],
      [120_000, 'https://queue.example/replay', 'r1'],
    ]);
  });

  it('give a task back also when its message stays hidden', async () => {
    isQueueDown = true;
    expect(await work(eventOf('no task'), context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(JSON.parse(String(warn.mock.calls.at(-1)?.[0]))).toMatchObject({ reason: 'Error: no such queue' });
  });

  it('stop in time, and leave the rest to another', async () => {
    world.add('logs', key, failedLine('a'));
    await answer({ source: 'failed', dryRun: false });
    const hurried = { getRemainingTimeInMillis: () => 0 } as Context;
    const [task] = world.queued.splice(0);
    await work(eventOf(JSON.stringify(task)), hurried);
    expect(world.queued).toHaveLength(2);
    await workOff();
    expect(world.onStream).toHaveLength(1);
  });
});
