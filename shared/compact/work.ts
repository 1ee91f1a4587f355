import type { LogType } from '../line/schema/index.js';
import { type Compacted, compactType, type Worker } from './compactType.js';
import { readType } from './message.js';
import type { CompactionPorts, CompactionSettings } from './ports.js';

/** Starts workers: each message is delivered at least once, and again when its worker fails. */
export interface CompactionQueue {
  send(type: LogType): Promise<void>;
}

/**
 * Does what a message of the queue asks for. When the worker's time is over before the work is done, another message is sent.
 *
 * @throws what compactType throws, and Error for a message that is none
 */
export async function work(
  message: string,
  worker: Worker,
  ports: CompactionPorts & { readonly queue: CompactionQueue },
  settings: CompactionSettings,
): Promise<Compacted & { readonly type: LogType }> {
  const type = readType(message);
  const compacted = await compactType(type, worker, ports, settings);
  if (compacted.result === 'more') await ports.queue.send(type);
  return { type, ...compacted };
}
