import type { ForwardConfig } from '../../../shared/config/forwardConfig.js';
import type { Sink } from '../../../shared/forward/ports.js';
import { datadogSink } from './datadog.js';
import { httpSink } from './http.js';
import { otlpSink } from './otlp.js';
import type { SinkSecrets } from './sinkSecrets.js';

/** Each makes its sink of its part of the configuration. Another kind is another file, and another line in this table. */
const kinds: readonly ((config: ForwardConfig, secrets: SinkSecrets) => Sink | undefined)[] = [
  ({ datadog }, secrets) => datadog && datadogSink(datadog, secrets),
  ({ http }, secrets) => http && httpSink(http, secrets),
  ({ otlp }, secrets) => otlp && otlpSink(otlp, secrets),
];

/**
 * The sink that rows are forwarded to.
 *
 * @throws Error when the configuration names none, which the build refuses
 */
export function sinkOf(config: ForwardConfig, secrets: SinkSecrets): Sink {
  for (const make of kinds) {
    const sink = make(config, secrets);
    if (sink) return sink;
  }
  throw new Error('forward of infra/firesplit.yml names no sink: write datadog, http or otlp');
}
