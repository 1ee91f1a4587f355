import { InfraError, type Location } from '../infra/document.js';
import type { Infra } from '../infra/infra.js';
import type { Resolved } from '../infra/resolver.js';

/** That a queue feeds a function. */
export interface QueueEvent {
  readonly function: string;
  readonly queueArn: string;
  /** Messages in one invocation. */
  readonly batchSize: number;
  /** Invocations that this queue may have at a time; undefined when the template sets no limit. */
  readonly maximumConcurrency: number | undefined;
}

/** Lambda's own: https://www.serverless.com/framework/docs/providers/aws/events/sqs */
const defaultBatchSize = 10;

/**
 * The queues of infra/functions.yml: `events: [{ sqs: { arn, batchSize, maximumConcurrency, enabled } }]`, or `sqs: arn`.
 *
 * @throws InfraError for what only AWS can do, and for a queue that the template doesn't have.
 */
export function queueEventsOf(infra: Infra): QueueEvent[] {
  const queues = infra.resourcesOfType('AWS::SQS::Queue').map(({ logicalId }) => infra.attribute(logicalId, 'Arn'));
  return infra.functionNames.flatMap((name) => {
    const { settings, at } = infra.functionSettings(name);
    const events = queueEventsIn(settings.events ?? null, name, at);
    const foreign = events.find(({ queueArn }) => !queues.includes(queueArn));
    if (!foreign) return events;
    const known = queues.map((arn) => arn.split(':').at(-1)).join(', ');
    throw new InfraError(
      at,
      `${name} is fed by the queue ${foreign.queueArn}, which no resource is; there are: ${known}.`,
    );
  });
}

/** Those among a function's events. */
export function queueEventsIn(events: Resolved, name: string, at: Location): QueueEvent[] {
  const listed = Array.isArray(events) ? (events as readonly Resolved[]) : [];
  return listed.flatMap((event) => {
    const { sqs } = membersOf(event);
    if (sqs === undefined || sqs === null) return [];
    const { arn, batchSize, maximumConcurrency, enabled, filterPatterns } =
      typeof sqs === 'string' ? { arn: sqs } : membersOf(sqs);
    if (filterPatterns !== undefined) {
      throw new InfraError(
        at,
        `the queue of ${name} has filterPatterns, which are not applied on a laptop: leave them out.`,
      );
    }
    if (enabled === false) return [];
    return {
      function: name,
      queueArn: String(arn),
      batchSize: Number(batchSize ?? defaultBatchSize),
      maximumConcurrency: maximumConcurrency === undefined ? undefined : Number(maximumConcurrency),
    };
  });
}

function membersOf(value: Resolved): { readonly [key: string]: Resolved | undefined } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Resolved })
    : {};
}
