import { join } from 'node:path';
import { propertiesOf, textOf } from '../firehose/destination/properties.js';
import type { Resource } from '../infra/infra.js';
import { FolderQueue } from './folderQueue.js';
import { attributesOf } from './queueAttributes.js';

/** SQS keeps a message that is never deleted until its retention ends; a laptop gives up after as many tries. */
const defaultMaxReceives = 10;

/**
 * The queue of a template, with its redrive policy, as folders named after the two queues.
 *
 * @param all the template's queues, of which one may be that of its dead letters
 */
export async function openQueue(
  { properties }: Resource,
  folder: string,
  all: readonly Resource[] = [],
): Promise<FolderQueue> {
  const { deadLetterTargetArn, maxReceiveCount } = propertiesOf(properties.RedrivePolicy);
  const name = textOf(properties.QueueName);
  const deadLetters = textOf(deadLetterTargetArn).split(':').at(-1) || `${name}-dead`;
  const itsResource = all.find((each) => textOf(each.properties.QueueName) === deadLetters);
  return FolderQueue.open({
    folder: join(folder, name),
    deadLetters: join(folder, deadLetters),
    maxReceives: Number(maxReceiveCount ?? defaultMaxReceives),
    attributes: attributesOf(properties),
    ...(itsResource ? { deadLetterAttributes: attributesOf(itsResource.properties) } : {}),
    now: Date.now,
  });
}
