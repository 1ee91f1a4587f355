import { join } from 'node:path';
import { InfraError } from '../infra/document.js';
import type { Infra } from '../infra/infra.js';
import type { Resolved } from '../infra/resolver.js';
import type { FunctionIdentity } from './messages.js';
import { parallelInvocations } from './parallelism.js';

/** A function as infra/functions.yml describes it. */
export interface FunctionConfig {
  readonly identity: FunctionIdentity;
  /** The bundle that exports the handler. */
  readonly module: string;
  readonly handlerName: string;
  /** Milliseconds an invocation may take. */
  readonly timeout: number;
  readonly environment: { readonly [name: string]: string };
  /** Messages in one event, when a queue feeds it. */
  readonly batchSize: number;
  /** Invocations that may run at the same time: what its queue or reservation allows, else what Firehose makes at most. */
  readonly concurrency: number;
}

/** Lambda's own defaults: https://www.serverless.com/framework/docs/providers/aws/guide/functions */
const defaults = { timeoutSeconds: 6, memoryMB: 1024, batchSize: 10 } as const;

/** @throws InfraError when the function is missing or has no handler of a bundle. */
export function functionConfig(infra: Infra, name: string, root: string): FunctionConfig {
  const { settings, at, logicalId } = infra.functionSettings(name);
  const handler = String(settings.handler ?? '').match(/^(.+)\.(\w+)$/);
  if (!handler?.[1] || !handler[2]) {
    throw new InfraError(at, `${name} needs a handler such as dist/functions/${name}.handler.`);
  }
  const queue = queueEvent(settings.events ?? null);
  return {
    identity: {
      name: infra.ref(logicalId),
      arn: infra.attribute(logicalId, 'Arn'),
      memoryMB: Number(settings.memorySize ?? defaults.memoryMB),
    },
    module: join(root, `${handler[1]}.mjs`),
    handlerName: handler[2],
    timeout: Number(settings.timeout ?? defaults.timeoutSeconds) * 1000,
    environment: Object.fromEntries(
      Object.entries(asMap(settings.environment)).map(([key, value]) => [key, String(value)]),
    ),
    batchSize: Number(queue.batchSize ?? defaults.batchSize),
    concurrency: Number(queue.maximumConcurrency ?? settings.reservedConcurrency ?? parallelInvocations),
  };
}

/** The settings of the queue that feeds it, if one does. */
function queueEvent(events: Resolved): { readonly [key: string]: Resolved } {
  const event = Array.isArray(events) ? events.map(asMap).find((each) => each.sqs !== undefined) : undefined;
  return asMap(event?.sqs);
}

function asMap(value: Resolved | undefined): { readonly [key: string]: Resolved } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Resolved })
    : {};
}
