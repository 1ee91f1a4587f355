import { Origin } from '../line/origin.js';
import type { Parsed } from '../line/parsed.js';
import type { Row } from '../line/row.js';
import { type LogType, logTypes } from '../line/schema/index.js';
import { parseJson, parseText, recognise, tryFormats } from '../parse/index.js';
import type { JsonObject } from '../parse/json/object.js';
import { compileRedaction, type Redactor } from '../redact/redactor.js';
import { compileGlob } from '../text/glob.js';
import { type AccessCounts, compileAccessRules, type Kept } from './accessRules.js';
import { AskedLines } from './askedLines.js';
import { defaultLogTypeField, type LineConfig } from './lineConfig.js';
import type { LineTreatment } from './toRow.js';
import { compileFormat, type LineParser, readPath } from './userFormat.js';

/** What the configuration says about lines, compiled once at cold start. */
export interface LinePolicy extends LineTreatment {
  /** The origin under the names it is stored by, without secrets. */
  origin(origin: Origin): Origin;
  /** Reads a line by the formats of its service and the built-in ones, and types it. */
  parse(log: string | JsonObject, origin: Origin): Parsed;
  /** Whether a line is an access line by the formats of its service and the built-in ones. */
  isAccess(log: string, origin: Origin): boolean;
  /** The row as it is to be stored, or why it is not. */
  keep(row: Row): Kept;
  /**
   * Whether the line between `start` and `end`, escaped as it came, may be read by a lane: nothing in the configuration
   * but its redaction concerns it.
   */
  isPlain(origin: Origin, text: string, start: number, end: number): boolean;
  /** Why a line is read as it is, for those who ask: nothing else does, and it costs as much as to read the line fifty times. */
  reasons(log: string | JsonObject, origin: Origin): ReadingReasons;
  /** The key whose value names the type of a line, wherever it stands. */
  readonly logTypeField: string;
  /** What was redacted and left out since the last call, by the name of the rule, and what was not recognised. */
  takeCounts(): AccessCounts & {
    readonly redacted: ReadonlyMap<string, number>;
    /** Lines that no format recognised: stored as plain text. */
    readonly unparsed: number;
  };
}

/** What decided how a line is read. */
export interface ReadingReasons {
  /** In the order in which they are asked. */
  readonly formats: readonly FormatVerdict[];
  /** What named the type, when it was not what the format found in the line. */
  readonly type: 'key of the collector' | 'key of the line' | 'service' | 'format' | undefined;
  /** What of the configuration gave the service its name; undefined when its collector did. */
  readonly service: ServiceReason | undefined;
}

export interface FormatVerdict {
  readonly name: string;
  /** A format of the configuration, rather than a built-in one. */
  readonly isOwn: boolean;
  readonly verdict: 'took the line' | 'would take it' | 'refused' | 'other service';
}

/** A key of `service_from`, or a name or glob of `services`. */
export type ServiceReason = { readonly key: string } | { readonly override: string };

/**
 * Compiles a configuration to closures.
 *
 * @param hashKey key of the HMAC for redaction rules that hash; without it they replace.
 *
 * @throws SyntaxError when a pattern is not valid; `loadConfig` refuses those.
 */
export function compilePolicy(config: LineConfig = {}, hashKey?: string): LinePolicy {
  const redactor = compileRedaction(config.redact, hashKey);
  const access = compileAccessRules(config.access);
  const logTypeField = config.classify?.log_type_field ?? defaultLogTypeField;
  const formats = compileFormats(config);
  const overrides = Object.entries(config.services ?? {}).map(([glob, service]) => ({
    glob,
    fits: compileGlob(glob),
    service,
  }));
  const overrideOf = (name: string) => overrides.find(({ fits }) => fits(name));
  /** One origin serves all lines of a container: what applies to it is looked up once. */
  const treatments = new WeakMap<Origin, Treatment>();
  const asked = new AskedLines();
  let unparsed = 0;
  const parseAnything = (line: string): Parsed => {
    const parsed = recognise(line);
    if (!parsed) unparsed++;
    return parsed ?? parseText(line);
  };

  return {
    origin(origin) {
      const { name: named, key } = nameOf(origin, config.service_from ?? []);
      const { service: override, glob } = overrideOf(named) ?? {};
      const clean = redactOrigin(origin, override?.service ?? named, redactor);
      const explicit = typeIn(origin.extra, logTypeField);
      const parsers = formats
        .filter(({ fits }) => fits(named))
        .sort((a, b) => Number(b.name === override?.format) - Number(a.name === override?.format));
      treatments.set(clean, {
        type: explicit ?? override?.type,
        isExplicit: explicit !== undefined,
        parsers: parsers.map(({ parse }) => parse),
        formats: parsers,
        service: serviceReason(key, override?.service === undefined ? undefined : glob),
      });
      return clean;
    },
    parse(log, origin) {
      const { type, isExplicit, parsers } = treatments.get(origin) ?? untreated;
      const parsed =
        asked.take(log, origin) ??
        firstOf(parsers, log) ??
        (typeof log === 'string' ? parseAnything(log) : parseJson(log));
      const wanted = (isExplicit ? undefined : typeIn(parsed.fields, logTypeField)) ?? type;
      return wanted === undefined || wanted === parsed.type ? parsed : retype(parsed, wanted, log);
    },
    isAccess(log, origin) {
      const { parsers } = treatments.get(origin) ?? untreated;
      const parsed = firstOf(parsers, log) ?? recognise(log);
      if (parsed) asked.keep(log, origin, parsed);
      return parsed?.type === 'access';
    },
    reasons(log, origin) {
      const treatment = treatments.get(origin) ?? untreated;
      const own = treatment.formats.map((format) => ({ ...format, parsed: format.parse(log), isOwn: true }));
      const builtIn = tryFormats(log).map((trial) => ({ ...trial, isOwn: false }));
      const taker = [...own, ...builtIn].find(({ parsed }) => parsed);
      const others = formats.filter((format) => !treatment.formats.includes(format));
      return {
        formats: [
          ...others.map(({ name }) => ({ name, isOwn: true, verdict: 'other service' as const })),
          ...[...own, ...builtIn].map((trial) => ({
            name: trial.name,
            isOwn: trial.isOwn,
            verdict: verdictOn(trial.parsed, trial === taker),
          })),
        ],
        type: typeReason(treatment, taker, logTypeField),
        service: treatment.service,
      };
    },
    redactor,
    logTypeField,
    keep: access.keep,
    isPlain(origin, text, start, end) {
      const { type, parsers } = treatments.get(origin) ?? untreated;
      if (parsers.length > 0 || (type !== undefined && type !== 'access')) return false;
      return !access.mayConcern(text, start, end);
    },
    takeCounts() {
      const counts = { ...access.takeCounts(), redacted: redactor.takeCounts(), unparsed };
      unparsed = 0;
      return counts;
    },
  };
}

/** What applies to all lines of an origin. */
interface Treatment {
  readonly type: LogType | undefined;
  /** Whether the collector's record named the type. */
  readonly isExplicit: boolean;
  readonly parsers: readonly LineParser[];
  /** Whose parsers they are. */
  readonly formats: readonly OwnFormat[];
  readonly service: ServiceReason | undefined;
}

const untreated: Treatment = { type: undefined, isExplicit: false, parsers: [], formats: [], service: undefined };

/** A format of the configuration. */
interface OwnFormat {
  readonly name: string;
  /** That of all its lines, when it says one. */
  readonly type: LogType | undefined;
  readonly parse: LineParser;
  readonly fits: (service: string) => boolean;
}

function compileFormats({ formats = [], services = {} }: LineConfig): readonly OwnFormat[] {
  return formats.map((format) => {
    const globs = [
      ...(format.services ?? []),
      ...Object.keys(services).filter((glob) => services[glob]?.format === format.name),
    ];
    const matchers = globs.map(compileGlob);
    const isForAll = globs.length === 0;
    return {
      name: format.name,
      type: format.type,
      parse: compileFormat(format),
      fits: (name: string) => isForAll || matchers.some((matches) => matches(name)),
    };
  });
}

function firstOf(parsers: readonly LineParser[], log: string | JsonObject): Parsed | undefined {
  for (const parse of parsers) {
    const parsed = parse(log);
    if (parsed) return parsed;
  }
  return undefined;
}

/** @returns with the key of `service_from` that the name stands under, if it does */
function nameOf({ service, extra }: Origin, keys: readonly string[]): { readonly name: string; readonly key?: string } {
  if (keys.length > 0) {
    const record = Object.fromEntries(extra);
    for (const key of keys) {
      const value = readPath(record, key);
      if (typeof value === 'string' && value !== '') return { name: value, key };
    }
  }
  return { name: service ?? '' };
}

function serviceReason(key: string | undefined, override: string | undefined): ServiceReason | undefined {
  if (override !== undefined) return { override };
  return key === undefined ? undefined : { key };
}

function verdictOn(parsed: Parsed | undefined, isTaker: boolean): FormatVerdict['verdict'] {
  if (isTaker) return 'took the line';
  return parsed ? 'would take it' : 'refused';
}

/** In the order in which `parse` looks for it. */
function typeReason(
  { type, isExplicit }: Treatment,
  taker: { readonly parsed: Parsed | undefined; readonly type?: LogType | undefined } | undefined,
  logTypeField: string,
): ReadingReasons['type'] {
  if (isExplicit) return 'key of the collector';
  if (typeIn(taker?.parsed?.fields ?? [], logTypeField)) return 'key of the line';
  if (type !== undefined) return 'service';
  return taker?.type === undefined ? undefined : 'format';
}

/** The same origin when nothing in it changes. */
function redactOrigin(origin: Origin, name: string, redactor: Redactor): Origin {
  const { source, task, cluster, extra } = origin;
  const service = name === '' ? undefined : name;
  const columns = { service, source, task, cluster };
  const clean = redactor.redactRow(columns, extra);
  const isSame =
    clean === extra &&
    columns.service === origin.service &&
    columns.source === source &&
    columns.task === task &&
    columns.cluster === cluster;
  return isSame ? origin : new Origin(columns, clean);
}

function typeIn(fields: Parsed['fields'] | Origin['extra'], key: string): LogType | undefined {
  const value = fields.find(([name]) => name === key)?.[1];
  return logTypes.find((type) => type === value);
}

/** The line in the table it is wanted in; columns that the table does not have go to `fields`. */
function retype(parsed: Parsed, type: LogType, log: string | JsonObject): Parsed {
  const { time, columns, fields } = parsed;
  if (type === 'access') return { type, time, columns: {}, fields: [...Object.entries(columns), ...fields] };
  if (parsed.type !== 'access') return { type, time, columns: parsed.columns, fields };
  return { type, time, columns: { message: typeof log === 'string' ? log : JSON.stringify(log) }, fields };
}
