import { setTimeout as sleep } from 'node:timers/promises';
import { type ForwardConfig, forwardedTypes } from '../../shared/config/forwardConfig.js';
import type { ForwardSettings } from '../../shared/forward/forwardObject.js';
import type { ForwardPorts } from '../../shared/forward/ports.js';
import { datadog } from '../../shared/limits.js';
import { milliseconds } from '../../shared/text/statedDuration.js';
import { deployedConfig } from '../adapters/deployedConfig.js';
import { required } from '../adapters/environment.js';
import { namedSecrets } from '../adapters/namedSecrets.js';
import { ssmParameters } from '../adapters/parameters.js';
import { s3Documents } from '../adapters/s3Documents.js';
import { s3SourceObjects } from '../adapters/s3SourceObjects.js';
import { sinkOf } from '../adapters/sinks/index.js';

/** What functions/forward finds in its environment. */

/** `FORWARD_QUEUE_URL`: which it is fed from. */
export const queueUrl = required('FORWARD_QUEUE_URL');

const { forward } = deployedConfig();

/** Undefined while the configuration has no section `forward`. */
export const forwarding = forward && { ports: portsOf(forward), settings: settingsOf(forward) };

function settingsOf(config: ForwardConfig): ForwardSettings {
  const { max_age: maxAge } = config;
  return {
    types: forwardedTypes(config),
    maxAge: maxAge === undefined ? datadog.maxAge : milliseconds(maxAge),
  };
}

/** Notes are in `LOGS_BUCKET`. Secrets are below `FORWARD_PARAMETER_PREFIX`, or in `FORWARD_PARAMETERS`; `FORWARD_INTAKE` is that of a laptop. */
function portsOf(config: ForwardConfig): ForwardPorts {
  const secrets = namedSecrets('FORWARD', process.env, ssmParameters(), { 'datadog-api-key': '…' });
  return {
    sink: sinkOf(config, {
      read: (parameter, signal, freshness) => secrets.required(parameter, 'docs/forward.md', signal, freshness),
      nameOf: secrets.nameOf,
      intake: process.env.FORWARD_INTAKE || undefined,
    }),
    documents: s3Documents(required('LOGS_BUCKET')),
    open: ({ bucket, key, etag }) => s3SourceObjects.open({ bucket, key, etag: `"${etag}"`, size: 0, modified: 0 }),
    clock: {
      now: Date.now,
      pause: async (ms) => {
        await sleep(ms);
      },
    },
  };
}
