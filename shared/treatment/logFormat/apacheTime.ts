import { parseEpoch, parseIsoTime } from '../../parse/values/time.js';
import { literally } from './shape.js';
import { LogFormatError, type Value } from './value.js';

/** A part of a time as Apache writes it: text, or one of the units. */
type TimePart = string | { readonly unit: Unit };

type Unit = keyof typeof units;

/**
 * The parts of `%{…}t`, in strftime's words and Apache's own: `sec`, `msec`, `usec`, `msec_frac`, `usec_frac`. Whether the time is
 * that of the request's begin or of its end makes no difference.
 *
 * https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats
 *
 * @throws LogFormatError for a word that strftime does not know.
 */
export function timeParts(argument: string): readonly TimePart[] {
  const format = argument.replace(/^(?:begin|end)(?::|$)/, '');
  const own = apacheWords.get(format);
  if (own) return [{ unit: own }];
  return strftimeParts(format === '' ? '[%d/%b/%Y:%H:%M:%S %z]' : format);
}

function strftimeParts(format: string): readonly TimePart[] {
  return (format.match(/%[EO^_-]?[\s\S]?|[^%]+/g) ?? []).flatMap((token): readonly TimePart[] => {
    if (token[0] !== '%') return [token];
    if (token === '%%') return ['%'];
    const letter = token.slice(-1);
    const whole = composites.get(letter);
    if (whole !== undefined) return strftimeParts(whole);
    const unit = strftime.get(letter);
    if (unit === undefined || token === '%') {
      throw new LogFormatError(
        `"${token}" in %{${format}}t is nothing that strftime writes; write the time as %{%Y-%m-%dT%H:%M:%S%z}t, for example`,
      );
    }
    return [{ unit }];
  });
}

/** Whether both are of one time, rather than two times: neither has what the other has, and an epoch has all but a fraction. */
export function complete(parts: readonly TimePart[], others: readonly TimePart[]): boolean {
  const [some, more] = [kindsOf(parts), kindsOf(others)];
  const all = [...some, ...more];
  if (all.includes('epoch') && all.some((kind) => kind !== 'epoch' && kind !== 'fraction')) return false;
  return some.length > 0 && more.every((kind) => !some.includes(kind));
}

export function hasZone(parts: readonly TimePart[]): boolean {
  return kindsOf(parts).some((kind) => kind === 'zone' || kind === 'epoch');
}

function kindsOf(parts: readonly TimePart[]) {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : [units[part.unit].kind]));
}

/** The parts as one value. */
export function timeValue(name: string, parts: readonly TimePart[]): Value {
  const source = parts.map((part) => (typeof part === 'string' ? literally(part) : units[part.unit].source)).join('');
  const groups = parts
    .map((part) => (typeof part === 'string' ? literally(part) : `(${units[part.unit].source})`))
    .join('');
  const named = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.unit]));
  const pattern = new RegExp(`^${groups}$`);
  const read = (text: string) => {
    const [, ...texts] = pattern.exec(text) ?? [];
    return instantOf(new Map(named.map((unit, at) => [unit, texts[at] ?? ''])), lastText(parts));
  };
  const isFine = named.some(
    (unit) => units[unit].kind === 'fraction' || unit === 'milliseconds' || unit === 'microseconds',
  );
  const fraction =
    named.length === 1 && named[0] !== undefined && units[named[0]].kind === 'fraction' ? `_${named[0]}` : '';
  return {
    name,
    field: `time${fraction}`,
    target: { column: 'time', rank: isFine ? 1 : 2, read },
    shape: { kind: 'fixed', source, first: '^\\s"', more: '\\w:.+-' },
    example: parts.map((part) => (typeof part === 'string' ? part : units[part.unit].example)).join(''),
  };
}

function lastText(parts: readonly TimePart[]): string {
  const last = parts.at(-1);
  return typeof last === 'string' ? last : '';
}

/** @param end what stands behind the last unit: a zone that is always the same is part of the format */
function instantOf(texts: ReadonlyMap<Unit, string>, end: string): number | undefined {
  const fraction = texts.get('msec_frac') ?? texts.get('usec_frac') ?? '';
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const epoch = millisecondsIn(texts);
  if (epoch !== undefined) return parseEpoch(epoch + ms);
  const pad = (unit: Unit) => (texts.get(unit) ?? '').trim().padStart(2, '0');
  const year = texts.get('year') ?? (texts.has('shortYear') ? `20${texts.get('shortYear')}` : '');
  const month = texts.has('monthName')
    ? pad2(months.indexOf((texts.get('monthName') ?? '').slice(0, 3)) + 1)
    : pad('month');
  const zone = texts.get('zone') ?? texts.get('zoneName') ?? zoneIn(end);
  return parseIsoTime(
    `${year}-${month}-${pad('day')}T${hourOf(texts)}:${pad('minute')}:${pad('second')}.${fraction || '0'}${zone}`,
  );
}

function millisecondsIn(texts: ReadonlyMap<Unit, string>): number | undefined {
  for (const [unit, toMilliseconds] of epochs) {
    const text = texts.get(unit);
    if (text !== undefined) return toMilliseconds(Number(text));
  }
  return undefined;
}

function zoneIn(end: string): string {
  return /(?:Z|[ ]?UTC|[ ]?GMT|[ ]?[+-]\d\d:?\d\d)(?=\]?$)/.exec(end)?.[0].trim() ?? '';
}

function hourOf(texts: ReadonlyMap<Unit, string>): string {
  const twelve = texts.get('hour12');
  if (twelve === undefined) return (texts.get('hour') ?? '').trim().padStart(2, '0');
  return pad2((Number(twelve) % 12) + (/p/i.test(texts.get('half') ?? '') ? 12 : 0));
}

function pad2(number: number): string {
  return String(number).padStart(2, '0');
}

const units = {
  year: { kind: 'date', source: '\\d{4}', example: '2026' },
  shortYear: { kind: 'date', source: '\\d\\d', example: '26' },
  month: { kind: 'date', source: '\\d\\d', example: '11' },
  monthName: { kind: 'date', source: '[A-Z][a-z]{2,8}', example: 'Nov' },
  day: { kind: 'date', source: '[ \\d]?\\d', example: '22' },
  weekday: { kind: 'date', source: '[A-Z][a-z]{2,8}', example: 'Sun' },
  dayOfYear: { kind: 'date', source: '\\d{1,3}', example: '326' },
  hour: { kind: 'clock', source: '[ \\d]?\\d', example: '16' },
  hour12: { kind: 'clock', source: '[ \\d]?\\d', example: '04' },
  half: { kind: 'clock', source: '[AaPp][Mm]', example: 'PM' },
  minute: { kind: 'clock', source: '\\d\\d', example: '41' },
  second: { kind: 'clock', source: '\\d\\d', example: '02' },
  msec_frac: { kind: 'fraction', source: '\\d{3}', example: '123' },
  usec_frac: { kind: 'fraction', source: '\\d{6}', example: '123456' },
  zone: { kind: 'zone', source: '[+-]\\d\\d:?\\d\\d', example: '+0000' },
  zoneName: { kind: 'zone', source: '[A-Za-z+-][\\w+-]{0,9}', example: 'UTC' },
  seconds: { kind: 'epoch', source: '\\d{1,12}', example: '1795365662' },
  milliseconds: { kind: 'epoch', source: '\\d{1,15}', example: '1795365662123' },
  microseconds: { kind: 'epoch', source: '\\d{1,18}', example: '1795365662123456' },
} as const;

const epochs: readonly (readonly [Unit, toMilliseconds: (value: number) => number])[] = [
  ['seconds', (seconds) => seconds * 1000],
  ['milliseconds', (milliseconds) => milliseconds],
  ['microseconds', (microseconds) => Math.floor(microseconds / 1000)],
];

const apacheWords: ReadonlyMap<string, Unit> = new Map([
  ['sec', 'seconds'],
  ['msec', 'milliseconds'],
  ['usec', 'microseconds'],
  ['msec_frac', 'msec_frac'],
  ['usec_frac', 'usec_frac'],
]);

const strftime: ReadonlyMap<string, Unit> = new Map([
  ['Y', 'year'],
  ['y', 'shortYear'],
  ['m', 'month'],
  ['b', 'monthName'],
  ['B', 'monthName'],
  ['h', 'monthName'],
  ['d', 'day'],
  ['e', 'day'],
  ['a', 'weekday'],
  ['A', 'weekday'],
  ['j', 'dayOfYear'],
  ['H', 'hour'],
  ['k', 'hour'],
  ['I', 'hour12'],
  ['l', 'hour12'],
  ['p', 'half'],
  ['P', 'half'],
  ['M', 'minute'],
  ['S', 'second'],
  ['z', 'zone'],
  ['Z', 'zoneName'],
  ['s', 'seconds'],
]);

/** As in the locale C. */
const composites: ReadonlyMap<string, string> = new Map([
  ['T', '%H:%M:%S'],
  ['X', '%H:%M:%S'],
  ['R', '%H:%M'],
  ['r', '%I:%M:%S %p'],
  ['D', '%m/%d/%y'],
  ['x', '%m/%d/%y'],
  ['F', '%Y-%m-%d'],
  ['c', '%a %b %e %H:%M:%S %Y'],
  ['n', '\n'],
  ['t', '\t'],
]);

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
