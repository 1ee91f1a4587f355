import { join } from 'node:path';
import type { Resource } from '../infra/infra.js';
import { FolderQueue } from './folderQueue.js';

/** SQS keeps a message that is never deleted until its retention ends; a laptop gives up after as many tries. */
const defaultMaxReceives = 10;

/** The queue of a template, with its redrive policy, as folders named after the two queues. */
export async function openQueue({ properties }: Resource, folder: string): Promise<FolderQueue> {
  const redrive = properties.RedrivePolicy as
    | { readonly deadLetterTargetArn?: string; readonly maxReceiveCount?: number }
    | undefined;
  const name = String(properties.QueueName);
  const deadLetters = redrive?.deadLetterTargetArn?.split(':').at(-1) ?? `${name}-dead`;
  return FolderQueue.open({
    folder: join(folder, name),
    deadLetters: join(folder, deadLetters),
    maxReceives: Number(redrive?.maxReceiveCount ?? defaultMaxReceives),
    now: Date.now,
  });
}
