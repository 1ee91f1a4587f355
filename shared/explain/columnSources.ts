import { parseObject } from '../parse/json/object.js';
import type { LinePolicy, ServiceReason } from '../treatment/policy.js';
import type { Delivered } from './delivered.js';
import type { ColumnSource, NoOwnTime } from './explanation.js';
import { jsonSources } from './jsonSources.js';
import { type Reread, valuesOf } from './lineValues.js';
import { textSources } from './textSources.js';
import type { ReadLine } from './watchedPolicy.js';

/** A line that was read, and what its row says of it. */
export interface SourcedLine {
  readonly line: ReadLine;
  /** Of the row: ms since the epoch. */
  readonly ts: number;
  /** What of the configuration gave the service its name. */
  readonly service: ServiceReason | undefined;
  readonly delivered: Delivered;
}

/** Where the value of a column comes from, asked with the value that is stored. */
export function columnSources(
  { line, ts, service, delivered }: SourcedLine,
  policy: LinePolicy,
): (name: string, stored: unknown) => ColumnSource {
  const ofLine = lineSources(line, policy);
  return (name, stored) => {
    switch (name) {
      case 'ts':
        return line.time === undefined ? timeSource(line, ts, delivered, policy) : (ofLine.get(name) ?? wholeLine);
      case 'service':
        return serviceSource(service, delivered);
      case 'source':
      case 'task':
      case 'cluster':
        return delivered.keys ? { kind: 'collector', key: delivered.keys[name] } : { kind: 'given' };
      case 'fingerprint':
        return { kind: 'derived', from: 'other columns' };
      default:
        return withoutSecret(ofLine.get(name) ?? derived(name, line), stored === line.columns[name], policy);
    }
  };
}

/** What a format found in the line; `ts` is among it when the line states its time. */
function lineSources(line: ReadLine, policy: LinePolicy): ReadonlyMap<string, ColumnSource> {
  const { log, origin } = line;
  const reread: Reread = (other) => valuesOf(policy.parse(other, origin));
  if (JSON.stringify(log).length > REREAD) return new Map();
  const object = typeof log === 'string' ? parseObject(log) : log;
  if (object) return jsonSources(object, valuesOf(line), reread);
  return typeof log === 'string' ? textSources(log, valuesOf(line), reread) : new Map();
}

/** Characters of a line that is read again and again to find where its columns come from. */
const REREAD = 32_768;

function timeSource(line: ReadLine, ts: number, { times, keys }: Delivered, policy: LinePolicy): ColumnSource {
  const because = whyNoTime(line, policy);
  return keys && times.has(ts) ? { kind: 'collector', key: keys.time, because } : { kind: 'arrival', because };
}

/** A time that names no zone stays among the fields. */
function whyNoTime({ fields }: ReadLine, { redactor }: LinePolicy): NoOwnTime {
  const written = fields
    .map(([, value]) => value)
    .find((value) => typeof value === 'string' && looksLikeTime.test(value));
  return typeof written === 'string' && redactor.isClean(written)
    ? { time: 'without a zone', written }
    : { time: 'none' };
}

const looksLikeTime =
  /^(?:\d{4}[-/]\d\d[-/]\d\d|\d\d[-/ ](?:\d\d|[A-Z][a-z]{2})[-/ ]\d{4}|[A-Z][a-z]{2} [ \d]\d)[T: ].{0,20}$|^\d\d:\d\d:\d\d/;

function serviceSource(reason: ServiceReason | undefined, { keys }: Delivered): ColumnSource {
  if (reason && 'override' in reason) return { kind: 'configuration', service: reason.override };
  const key = reason?.key ?? keys?.service;
  return key === undefined ? { kind: 'given' } : { kind: 'collector', key };
}

function derived(name: string, { columns }: ReadLine): ColumnSource {
  const isOfTrace = (name === 'level' || name === 'exception') && columns.stack !== undefined;
  return isOfTrace ? { kind: 'derived', from: 'the stack trace' } : wholeLine;
}

const wholeLine: ColumnSource = { kind: 'derived', from: 'the whole line' };

/** How a text has a value is told only of one that is stored as it was found. */
function withoutSecret(source: ColumnSource, isStored: boolean, { redactor }: LinePolicy): ColumnSource {
  if (source.kind !== 'text' || source.written === undefined) return source;
  if (isStored && redactor.isClean(source.written)) return source;
  return { kind: 'text', start: source.start, end: source.end };
}
