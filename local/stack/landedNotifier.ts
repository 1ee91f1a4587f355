import { setTimeout as sleep } from 'node:timers/promises';
import { forwardedTypes } from '../../shared/config/forwardConfig.js';
import { partitionPath } from '../../shared/line/partition.js';
import type { StackEmitter } from '../events.js';
import { diskRetry } from '../firehose/stream/ledger.js';
import type { FolderQueue } from '../queue/folderQueue.js';
import type { Queues } from '../queue/openQueues.js';
import { objectCreated } from '../s3/notify/objectCreated.js';
import type { StoredObject } from '../s3/store/objectFolder.js';
import type { StackContext } from './context.js';
import type { Deployment } from './deployment.js';

/**
 * Tells the queue of functions/forward of what lands, as S3 does once the function has asked it to: while the configuration says
 * that anything is forwarded, and of the types that it names.
 */
export async function landedNotifier(
  { options, region, accountId, events }: StackContext,
  { infra, bucket, settings }: Deployment,
  queues: Queues,
): Promise<(bucket: string, object: StoredObject) => Promise<void>> {
  const queue = queues.get(infra.attribute('ForwardQueue', 'QueueName'));
  if (settings.config.forward && (options.s3 || options.s3Endpoint !== undefined)) {
    events.emit('problem', 'nothing is forwarded: S3 itself has the objects, and does not tell this machine of them');
  }
  return async (name, object) => {
    const { forward } = settings.config;
    if (!forward || name !== bucket) return;
    const isWanted = forwardedTypes(forward).some((type) => object.key.startsWith(`logs/${partitionPath({ type })}/`));
    if (isWanted && queue) await sendPatiently(queue, objectCreated(object, { bucket, region, accountId }), events);
  };
}

/** The object is there by now: a disk that is full for a moment must not keep it from being told of. */
async function sendPatiently(queue: FolderQueue, message: string, events: StackEmitter): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await queue.send(message);
      return;
    } catch (error) {
      const isOver = attempt === maxAttempts;
      const outcome = isOver ? 'its rows are not forwarded' : 'trying again';
      events.emit('problem', `functions/forward could not be told of an object, ${outcome}: ${error}`);
      if (isOver) return;
      await sleep(diskRetry);
    }
  }
}

const maxAttempts = 10;
