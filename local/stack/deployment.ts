import { join } from 'node:path';
import { templateStream } from '../firehose/stream/templateStream.js';
import { Infra } from '../infra/infra.js';
import { type QueueEvent, queueEventsOf } from '../queue/queueEvents.js';
import { type Schedule, schedulesOf } from '../schedule/schedules.js';
import type { StackContext } from './context.js';
import { Settings } from './settings.js';

/** What the infra files say is to run here. */
export interface Deployment {
  readonly infra: Infra;
  readonly stream: ReturnType<typeof templateStream>;
  /** Milliseconds within which a line is to reach its object, instead of the streams' own intervals. */
  readonly flush: number | undefined;
  /** Name of the bucket for logs. */
  readonly bucket: string;
  readonly schedules: readonly Schedule[];
  readonly queueEvents: readonly QueueEvent[];
  /** The configuration and the rules. */
  readonly settings: Settings;
}

/**
 * Reads the infra files, the configuration and the rules, so that what is wrong with them is told before anything listens.
 *
 * @param queueUrl asked once the functions are deployed, when the endpoint has its port.
 */
export async function readDeployment(
  { options, root, data, region, accountId, events }: StackContext,
  queueUrl: (queueName: string) => string,
): Promise<Deployment> {
  const infra = await Infra.load(root, { region, id: accountId, stage: 'local', queueUrl });
  const flush = options.flush === undefined ? undefined : options.flush * 1000;
  const { config = join(root, 'infra/firesplit.yml'), rules = join(root, 'infra/rules') } = options;
  return {
    infra,
    stream: templateStream(infra.resource('LogStream'), infra.attribute('LogStream', 'Arn'), Date.now(), flush),
    flush,
    bucket: infra.ref('LogsBucket'),
    schedules: schedulesOf(infra),
    queueEvents: queueEventsOf(infra),
    settings: await Settings.open({ config, rules, data, events }),
  };
}
