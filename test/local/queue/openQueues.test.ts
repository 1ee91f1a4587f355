import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Resource } from '../../../local/infra/infra.js';
import { openQueues } from '../../../local/queue/openQueues.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const queue = (QueueName: string, more: Resource['properties'] = {}): Resource => ({
  logicalId: QueueName,
  type: 'AWS::SQS::Queue',
  properties: { QueueName, ...more },
  ref: `http://127.0.0.1/000000000000/${QueueName}`,
  at: { path: 'queue.yml', line: 1 },
});

const redrive = (name: string, maxReceiveCount: number) => ({
  RedrivePolicy: { deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}`, maxReceiveCount },
});

describe('openQueues', () => {
  it('opens every queue once, two that share a queue of dead letters included', async () => {
    const folder = await tempFolder();
    const queues = await openQueues(
      [
        queue('a', redrive('dead', 2)),
        queue('dead', { VisibilityTimeout: 7, MaximumMessageSize: 2048 }),
        queue('b', redrive('dead', 3)),
      ],
      folder,
    );
    const dead = queues.get('dead');
    expect([...queues.keys()].sort()).toEqual(['a', 'b', 'dead']);
    expect(queues.get('a')?.deadLetters).toBe(dead);
    expect(queues.get('b')?.deadLetters).toBe(dead);
    expect([...queues.values()].map(({ maxReceives }) => maxReceives)).toEqual([Number.POSITIVE_INFINITY, 2, 3]);
    expect(dead?.attributes).toMatchObject({ visibility: 7000, maxMessageBytes: 2048 });
    expect(queues.get('a')?.attributes.maxMessageBytes).toBe(1_048_576);
    expect((await readdir(folder)).sort()).toEqual(['a', 'b', 'dead']);
  });

  it('gives a queue without a redrive policy one for its dead letters all the same', async () => {
    const queues = await openQueues([queue('plain')], await tempFolder());
    expect([...queues.keys()].sort()).toEqual(['plain', 'plain-dead']);
    expect(queues.get('plain')?.maxReceives).toBe(10);
    expect(queues.get('plain')?.deadLetters).toBe(queues.get('plain-dead'));
  });
});
