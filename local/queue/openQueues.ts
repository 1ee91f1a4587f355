import { join } from 'node:path';
import { propertiesOf, textOf } from '../firehose/destination/properties.js';
import type { Resource } from '../infra/infra.js';
import { FolderQueue, keptLong } from './folderQueue.js';
import { attributesOf } from './queueAttributes.js';

/** SQS keeps a message that is never deleted until its retention ends; a laptop gives up after as many tries. */
const defaultMaxReceives = 10;

/** Queues by name. */
export type Queues = ReadonlyMap<string, FolderQueue>;

/**
 * Opens the queues of a template (each an AWS::SQS::Queue) as folders named after them. One that has no redrive policy sets
 * messages aside all the same, in `<name>-dead`; those that dead letters go to don't.
 */
export async function openQueues(resources: readonly Resource[], folder: string): Promise<Queues> {
  // Ref of a queue is its URL, which ends with its name, also with one that CloudFormation made up.
  const declared = new Map(resources.map(({ ref, properties }) => [ref.split('/').at(-1) ?? '', properties]));
  const redrives = [...declared].map(([name, properties]) => {
    const { deadLetterTargetArn, maxReceiveCount } = propertiesOf(properties.RedrivePolicy);
    const target = textOf(deadLetterTargetArn).split(':').at(-1) || undefined;
    return { name, target, maxReceives: Number(maxReceiveCount ?? defaultMaxReceives) };
  });
  const queues = new Map<string, FolderQueue>();
  const open = async (name: string, redrive: { readonly deadLetters?: FolderQueue; readonly maxReceives?: number }) => {
    const properties = declared.get(name);
    const attributes = properties ? attributesOf(properties) : keptLong;
    const queue = await FolderQueue.open({ ...redrive, folder: join(folder, name), attributes, now: Date.now });
    queues.set(name, queue);
    return queue;
  };
  const targets = new Set(redrives.flatMap(({ target }) => target ?? []));
  for (const name of targets) await open(name, {});
  for (const { name, target = `${name}-dead`, maxReceives } of redrives) {
    if (targets.has(name)) continue;
    await open(name, { deadLetters: queues.get(target) ?? (await open(target, {})), maxReceives });
  }
  return queues;
}
