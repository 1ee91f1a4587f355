import type { LogType } from '../line/schema/index.js';

/**
 * The section `forward` of infra/firesplit.yml: which stored rows go to another service as well. Without it none do. It has
 * exactly one of `datadog`, `http` and `otlp`.
 *
 * A parameter is an SSM SecureString, named by the last part of its name.
 */
export interface ForwardConfig extends SinkSettings {
  /** The types whose rows are forwarded: see {@link forwardedTypes}. */
  readonly types?: readonly LogType[];
  /** Rows that were older than this when they landed are not forwarded, such as `18h` (the default). */
  readonly max_age?: string;
}

/** Access rows only when they are named: they are most of what is stored. */
export function forwardedTypes({ types = ['error', 'app'] }: ForwardConfig): readonly LogType[] {
  return types;
}

/** The one key is the kind of sink. */
interface SinkSettings {
  readonly datadog?: DatadogSettings;
  readonly http?: HttpSettings;
  readonly otlp?: OtlpSettings;
}

/** It has either `site` or `url`. */
export interface DatadogSettings {
  /** Such as `datadoghq.eu`. */
  readonly site?: string;
  /** The whole URL of the intake, such as that of a proxy. */
  readonly url?: string;
  readonly api_key_parameter: string;
  /** `ddsource`: `firesplit` when absent. */
  readonly source?: string;
  /** Sent with each entry as `key:value`. */
  readonly tags?: Readonly<Record<string, string>>;
}

export interface HttpSettings {
  readonly url: string;
  /** Lines of JSON, which is the default, or one JSON array. */
  readonly body?: 'ndjson' | 'json';
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers whose values are parameters. */
  readonly secret_headers?: Readonly<Record<string, string>>;
}

export interface OtlpSettings {
  /** The whole URL, mostly one that ends with `/v1/logs`. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers whose values are parameters. */
  readonly secret_headers?: Readonly<Record<string, string>>;
  /** Further attributes of the resource. */
  readonly resource?: Readonly<Record<string, string>>;
}
