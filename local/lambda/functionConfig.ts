import { join } from 'node:path';
import { InfraError } from '../infra/document.js';
import type { Infra } from '../infra/infra.js';
import type { Resolved } from '../infra/resolver.js';
import { queueEventsIn } from '../queue/queueEvents.js';
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
  /**
   * Invocations that may run at the same time: what its reservation allows, else what its queues make at most and as many
   * of others as Firehose makes.
   */
  readonly concurrency: number;
}

/** Lambda's own defaults: https://www.serverless.com/framework/docs/providers/aws/guide/functions */
const defaults = { timeoutSeconds: 6, memoryMB: 1024 } as const;

/** @throws InfraError when the function is missing or has no handler of a bundle. */
export function functionConfig(infra: Infra, name: string, root: string): FunctionConfig {
  const { settings, at, logicalId } = infra.functionSettings(name);
  const handler = String(settings.handler ?? '').match(/^(.+)\.(\w+)$/);
  if (!handler?.[1] || !handler[2]) {
    throw new InfraError(at, `${name} needs a handler such as dist/functions/${name}.handler.`);
  }
  const fromQueues = queueEventsIn(settings.events ?? null, name, at).reduce(
    (sum, { maximumConcurrency = parallelInvocations }) => sum + maximumConcurrency,
    0,
  );
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
    concurrency: Number(settings.reservedConcurrency ?? fromQueues + parallelInvocations),
  };
}

function asMap(value: Resolved | undefined): { readonly [key: string]: Resolved } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Resolved })
    : {};
}
