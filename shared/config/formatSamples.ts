import { tables } from '../line/schema/index.js';
import { compileLogFormat } from '../treatment/logFormat/logFormat.js';
import { compileFormat } from '../treatment/userFormat.js';
import type { Config } from './config.js';

/** A line as a server would write it in one of the log formats of the configuration, and what is read from it. */
export interface FormatSample {
  /** Of the format. */
  readonly name: string;
  readonly server: 'nginx' | 'apache';
  readonly line: string;
  readonly type: string;
  /** ISO 8601, undefined when the format has no time with a zone. */
  readonly time: string | undefined;
  /** In the order of the table. */
  readonly columns: Readonly<Record<string, unknown>>;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Shows for each log format of a server what it reads; the configuration must be valid. */
export function formatSamples({ formats = [] }: Config): readonly FormatSample[] {
  return formats.flatMap((format): FormatSample[] => {
    if (!('nginx' in format || 'apache' in format)) return [];
    const line = compileLogFormat(format).sample;
    const parsed = compileFormat(format)(line);
    if (!parsed) return [];
    const { type, time, columns, fields } = parsed;
    const found = new Map(Object.entries(columns));
    return [
      {
        name: format.name,
        server: 'nginx' in format ? 'nginx' : 'apache',
        ...{ line, type },
        time: time === undefined ? undefined : new Date(time).toISOString(),
        columns: Object.fromEntries(
          Object.keys(tables[type]).flatMap((name) => (found.has(name) ? [[name, found.get(name)]] : [])),
        ),
        fields: Object.fromEntries(fields),
      },
    ];
  });
}
