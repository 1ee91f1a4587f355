import type { AccessColumns, Fields } from '../../../line/parsed.js';
import { decodeLogEscapes } from '../../../text/logEscapes.js';
import { numberOrText, type Token, tokenize } from '../../tokens.js';
import { isAddress } from '../../values/address.js';
import { parseLoggedDuration, toMilliseconds } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';

/** Reads what a server was told to log behind the user agent. What can't be known for certain is kept as `tail`. */
export function readTail(tail: string, columns: AccessColumns, fields: Fields): void {
  readTokens(tokenize(tail) ?? [bare(tail)], columns, fields);
}

/** The same for a tail that was taken apart. */
export function readTokens(tail: readonly Token[], columns: AccessColumns, fields: Fields): void {
  const tokens = joinPairs(joinLists(tail));
  const layout = layouts.find((each) => matches(each, tokens));
  if (layout) readLayout(layout, tokens, columns, fields);
  else readLoose(tokens, columns, fields);
}

/** A column's name, or the key of a field; `seconds` and `milliseconds` are the duration. */
type Layout = readonly (readonly [key: string, pattern: RegExp])[];

const whole = /^\d+$/;
/** One value for each upstream that was tried: `0.004, 0.010`. */
const list = /^[\d.:,\- a-f[\]]+$/i;
/** An upstream may also be a socket: `unix:/run/app.sock`. */
const upstreams = /^(?:[\d.:,\- a-f[\]]|unix:[\w./-]+(?![\w./-]))+$/i;
const any = /^/;
const requestId = /^[\w-]+$/;

/** What ingress-nginx logs of the upstreams that were tried. */
const exchanges: Layout = [
  ['upstream_addr', upstreams],
  ['upstream_response_length', list],
  ['upstream_response_time', list],
  ['upstream_status', list],
  ['request_id', requestId],
];

const layouts: readonly Layout[] = [
  // https://doc.traefik.io/traefik/observability/access-logs/#common-log-format-clf
  [
    ['request_count', whole],
    ['router_name', any],
    ['service_url', any],
    ['milliseconds', /^\d+ms$/],
  ],
  // https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/
  [
    ['request_length', whole],
    ['seconds', /^\d+\.\d{1,6}$/],
    ['proxy_upstream_name', any],
    ['proxy_alternative_upstream_name', any],
    ...exchanges,
  ],
  // The same of its versions before 0.25, without a second name.
  [['request_length', whole], ['seconds', /^\d+\.\d{1,6}$/], ['proxy_upstream_name', any], ...exchanges],
  // Without an id, as many set it up.
  [
    ['request_length', whole],
    ['seconds', /^\d+\.\d{1,6}$/],
    ['proxy_upstream_name', any],
    ['proxy_alternative_upstream_name', any],
    ...exchanges.slice(0, -1),
  ],
  // https://httpd.apache.org/docs/2.4/mod/mod_logio.html: combinedio, the bytes with the headers
  [
    ['bytes_received', whole],
    ['bytes_sent', whole],
  ],
];

function matches(layout: Layout, tokens: readonly Token[]): boolean {
  return tokens.length === layout.length && layout.every(([, pattern], i) => pattern.test(tokens[i]?.value ?? ''));
}

function readLayout(layout: Layout, tokens: readonly Token[], columns: AccessColumns, fields: Fields): void {
  for (const [i, [key]] of layout.entries()) {
    const value = tokens[i]?.value ?? '';
    if (value === '-' || value === '') continue;
    if (key === 'seconds') putNumber(columns, fields, 'duration_ms', value, toMilliseconds);
    else if (key === 'milliseconds') putNumber(columns, fields, 'duration_ms', value.slice(0, -2));
    else if (key === 'request_id') columns.request_id = value;
    else fields.push([key, numberOrText(value)]);
  }
}

/** Values in any order, each known by its looks or its key. */
function readLoose(tokens: readonly Token[], columns: AccessColumns, fields: Fields): void {
  const rest: string[] = [];
  const taken = new Set(['tail', ...fields.map(([key]) => key)]);
  for (const [i, token] of tokens.entries()) {
    if (token.raw === '-') continue;
    const [key, value] = nameToken(token, i === 0, columns.duration_ms === undefined, rest.length === 0) ?? [];
    if (key === undefined || value === undefined) rest.push(token.raw);
    else if (value === '-' || value === '' || takeColumn(key, value, columns)) continue;
    // A key is a field once: what comes again under it stays in the tail.
    else if (taken.has(key)) rest.push(token.raw);
    else {
      taken.add(key);
      fields.push([key, numberOrText(value)]);
    }
  }
  if (rest.length > 0) fields.push(['tail', rest.join(' ')]);
}

/** @param isUntimed no duration was read yet @param isWhole so far every value could be named */
function nameToken(
  { value, form }: Token,
  isFirst: boolean,
  isUntimed: boolean,
  isWhole: boolean,
): [key: string, value: string] | undefined {
  if (form === 'quoted') {
    if (isUntimed && requestTime.test(value)) return ['request_time', value];
    return isFirst && isForwardedFor(value) ? ['x_forwarded_for', value] : undefined;
  }
  if (form !== 'bare') return undefined;
  if (generatedId.test(value)) return ['request_id', value];
  const equals = pairKey.exec(value)?.[0].length;
  if (equals !== undefined) return [value.slice(0, equals - 1), unquote(value.slice(equals))];
  if (isUntimed) return seconds.test(value) ? ['request_time', value] : undefined;
  // nginx's two times are logged together: `$request_time $upstream_response_time`.
  return isWhole && upstreamTimes.test(value) ? ['upstream_response_time', value] : undefined;
}

/** Whether the value went to a column; the first one of a kind does. */
function takeColumn(key: string, value: string, columns: AccessColumns): boolean {
  const column = columnOf.get(key);
  if (column === undefined || columns[column] !== undefined) return false;
  if (column !== 'duration_ms') {
    columns[column] = value;
    return true;
  }
  const duration = seconds.test(value) ? toMilliseconds(value) : parseLoggedDuration(value);
  if (duration === undefined) return false;
  columns.duration_ms = duration;
  return true;
}

const columnOf: ReadonlyMap<string, 'duration_ms' | 'request_id' | 'host'> = new Map([
  ['rt', 'duration_ms'],
  ['request_time', 'duration_ms'],
  ['duration', 'duration_ms'],
  ['response_time', 'duration_ms'],
  ['took', 'duration_ms'],
  ['rid', 'request_id'],
  ['req_id', 'request_id'],
  ['request_id', 'request_id'],
  ['x_request_id', 'request_id'],
  ['host', 'host'],
]);
/** A UUID, as Amazon's API Gateway logs of a REST API, or what it logs of an HTTP API: `JKJaXmPLvHcESHA=`. */
const generatedId = /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\w-]{15}=)$/i;
const pairKey = /^[A-Za-z_][\w.-]{0,63}=/;
/** Not `$msec`, which is a time: no request takes years. */
const seconds = /^\d{1,8}\.\d{1,6}$/;
/** nginx's has three decimals; `$gzip_ratio`, which many put in quotes, has two. */
const requestTime = /^\d{1,8}\.\d{3}$/;
const upstreamTimes = /^(?:\d{1,8}\.\d{1,6}|-)(?:, (?:\d{1,8}\.\d{1,6}|-))*$/;

/** nginx writes several upstreams as `10.0.0.1:80, 10.0.0.2:80`, and ` : ` between those of one location and the next. */
function joinLists(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  let open: string[] = [];
  for (const [i, token] of tokens.entries()) {
    const isBare = token.form === 'bare';
    const continues =
      isBare && ((token.raw.length > 1 && token.raw.endsWith(',')) || isColon(token) || isColon(tokens[i + 1]));
    if (continues || open.length > 0) open.push(token.raw);
    else joined.push(token);
    if (!continues && open.length > 0) {
      joined.push(bare(open.join(' ')));
      open = [];
    }
  }
  if (open.length > 0) joined.push(bare(open.join(' ')));
  return joined;
}

function isColon(token: Token | undefined): boolean {
  return token?.raw === ':';
}

/** Where a name and its value are two words: `request_time 0.026`, `to: 10.0.0.1:80`. */
function joinPairs(tokens: readonly Token[]): readonly Token[] {
  const joined: Token[] = [];
  for (const token of tokens) {
    const before = joined.at(-1);
    const key = before?.form === 'bare' && token.form === 'bare' ? names.get(before.raw) : undefined;
    if (key === undefined) joined.push(token);
    else joined.splice(-1, 1, bare(`${key}=${token.raw}`));
  }
  return joined;
}

const names: ReadonlyMap<string, string> = new Map([
  ['to:', 'upstream_addr'],
  ...['request_time', 'request_length', 'upstream_addr', 'upstream_response_time', 'upstream_status', 'msec'].flatMap(
    (name): [string, string][] => [
      [name, name],
      [`${name}:`, name],
    ],
  ),
]);

function bare(raw: string): Token {
  return { value: raw, raw, form: 'bare' };
}

function isForwardedFor(value: string): boolean {
  return value === '' || value === '-' || value.split(/, ?/).every(isAddress);
}

function unquote(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? decodeLogEscapes(value.slice(1, -1))
    : value;
}
