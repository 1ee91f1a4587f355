import type { LogType } from '../line/schema/index.js';
import type { RedactionConfig } from '../redact/rule.js';
import type { Where } from '../where/clause.js';
import type { StatedLogFormat } from './logFormat/logFormat.js';

/** The sections of infra/firesplit.yml that are about lines. Every key may be absent: without it the defaults apply. */
export interface LineConfig {
  /** Overrides by service name, or by a glob such as `web-*`; the first that fits a service applies. */
  readonly services?: Readonly<Record<string, ServiceConfig>>;
  /**
   * Where to look for a line's service before the container's name: keys of the collector's record, dots between the
   * keys of nested objects. The first that holds text wins.
   */
  readonly service_from?: readonly string[];
  /** Formats of your own, tried in this order before the built-in ones. */
  readonly formats?: readonly FormatConfig[];
  readonly classify?: {
    /** The key by which a line or its collector's record names its own type: `access`, `error` or `app`. */
    readonly log_type_field?: string;
  };
  readonly access?: {
    /** Access lines that are not stored: health checks, for example. Counted in `DroppedLines`. */
    readonly drop?: readonly { readonly name: string; readonly where: Where }[];
    /** Access lines of which a part is stored. The others are counted in `SampledLines`. */
    readonly sample?: readonly SampleRule[];
  };
  readonly redact?: RedactionConfig;
}

interface ServiceConfig {
  /** The name to store the service under. */
  readonly service?: string;
  /** The type of all its lines, whatever they look like. */
  readonly type?: LogType;
  /** The name of the format to try first. */
  readonly format?: string;
}

export type FormatConfig = {
  /** kebab-case, unique. */
  readonly name: string;
  /** Names or globs of the services that write it; all when absent. */
  readonly services?: readonly string[];
  /** Without it, a format with a status, a path or a request is for access lines, and the level tells errors from the rest. */
  readonly type?: LogType;
  /** Lines and what they become, by column, `type` or `fields.<key>`; checked by `firesplit config check` and by the build. */
  readonly tests?: readonly FormatTest[];
} & (
  | {
      /** A regular expression whose named groups are columns; other groups go to `fields`. `request` and `time` are read too. */
      readonly pattern: string;
    }
  | {
      /** For JSON lines: column to key. A line without the first of these keys is left to the next format. */
      readonly keys: Readonly<Record<string, string>>;
    }
  | StatedLogFormat
);

interface FormatTest {
  readonly line: string;
  readonly expect: Readonly<Record<string, string | number>>;
}

interface SampleRule {
  readonly name: string;
  readonly where: Where;
  /** The part that is stored, above 0 and below 1. Stored rows say so in `fields.sample_keep`. */
  readonly keep: number;
}

export const defaultLogTypeField = 'log_type';
