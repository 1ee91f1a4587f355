import type { Fields, Parsed } from '../../line/parsed.js';
import type { JsonObject } from '../../parse/json/object.js';
import { numberOrText } from '../../parse/tokens.js';
import { readApache } from './apache.js';
import { accessLine, compileColumns, isNone } from './columns.js';
import { readJsonLayout } from './jsonLayout.js';
import { jsonParser } from './jsonParser.js';
import { compileLayout } from './layout.js';
import { readNginx } from './nginx.js';
import type { ServerFormat } from './serverFormat.js';
import { LogFormatError, type Piece, type Value, valuesOf } from './value.js';

export { LogFormatError } from './value.js';

/** A log format as it stands in the server's configuration. */
export type StatedLogFormat =
  | {
      /** The string of nginx's `log_format`, or the whole directive. */
      readonly nginx: string;
    }
  | {
      /** The string of Apache's `LogFormat`, or the whole directive. */
      readonly apache: string;
    };

/** A server's log format, compiled. */
export interface LogFormat {
  /** Reads a line of this format, which is an access line; undefined for any other. */
  readonly parse: (log: string | JsonObject) => Parsed | undefined;
  /** A line as the server would write it. */
  readonly sample: string;
}

/** @throws LogFormatError when the server would refuse the format, or nobody could take its lines apart. */
export function compileLogFormat(stated: StatedLogFormat): LogFormat {
  const format = 'nginx' in stated ? readNginx(stated.nginx) : readApache(stated.apache);
  if (!format.pieces.some((piece) => typeof piece !== 'string')) {
    const example = 'nginx' in stated ? '$remote_addr' : '%h';
    throw new LogFormatError(
      `the format holds no value of a request, such as ${example}; paste it as the server has it`,
    );
  }
  const json = readJsonLayout(format.pieces);
  const parse = json ? jsonParser(json, format) : textParser(format);
  const sample = sampleOf(format.pieces);
  if (parse(sample)) return { parse, sample };
  throw new LogFormatError(
    `its lines can't be taken apart, such as ${sample}; put texts that may hold spaces in quotes, here and in the configuration of the server`,
  );
}

function sampleOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.example)).join('');
}

function textParser({ pieces, escaping }: ServerFormat): LogFormat['parse'] {
  const read = compileLayout(pieces, escaping);
  const values = valuesOf(pieces);
  const fill = compileColumns(values);
  const keys = fieldKeys(values);
  return (log) => {
    const texts = typeof log === 'string' ? read(log) : undefined;
    if (!texts) return undefined;
    const filled = fill(texts, escaping.decode);
    const others = texts.flatMap((text, at): Fields => {
      const key = keys[at];
      if (key === undefined || isNone(text) || filled.isTaken[at]) return [];
      return [[key, fieldValue(values[at], escaping.decode(text))]];
    });
    return accessLine(filled, others);
  };
}

/** A value that is logged twice is stored once; two values of one name have a number. */
function fieldKeys(values: readonly Value[]): readonly (string | undefined)[] {
  const names = values.map(({ name }) => name);
  const taken = new Set<string>();
  return values.map(({ name, field }, at) => {
    if (field === undefined || names.indexOf(name) < at) return undefined;
    let key = field;
    for (let number = 2; taken.has(key); number++) key = `${field}_${number}`;
    taken.add(key);
    return key;
  });
}

function fieldValue(value: Value | undefined, text: string): unknown {
  const { shape } = value ?? {};
  return shape?.kind === 'fixed' && shape.isNumber ? numberOrText(text) : text;
}
