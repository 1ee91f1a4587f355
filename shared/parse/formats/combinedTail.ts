import { isAddress } from '../address.js';
import { parseDuration, toMilliseconds } from '../duration.js';
import { decodeLogEscapes } from '../escapes.js';
import type { AccessColumns, Fields } from '../parsed.js';
import { numberOrText, type Token, tokenize } from '../tokens.js';

/** Reads what a server was told to log behind the user agent. What can't be known for certain is kept as `tail`. */
export function readTail(tail: string, columns: AccessColumns, fields: Fields): void {
  const tokens = joinLists(tokenize(tail) ?? [bare(tail)]);
  const layout = layouts.find((each) => matches(each, tokens));
  if (layout) readLayout(layout, tokens, columns, fields);
  else readLoose(tokens, columns, fields);
}

/** A column's name, or the key of a field; `seconds` and `milliseconds` are the duration. */
type Layout = readonly (readonly [key: string, pattern: RegExp])[];

const whole = /^\d+$/;
/** One value for each upstream that was tried: `0.004, 0.010`. */
const list = /^[\d.:,\- a-f[\]]+$/i;
const any = /^/;

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
    ['upstream_addr', list],
    ['upstream_response_length', list],
    ['upstream_response_time', list],
    ['upstream_status', list],
    ['request_id', /^\w+$/],
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
    if (key === 'seconds') columns.duration_ms = toMilliseconds(value);
    else if (key === 'milliseconds') columns.duration_ms = Number(value.slice(0, -2));
    else if (key === 'request_id') columns.request_id = value;
    else fields.push([key, numberOrText(value)]);
  }
}

/** Values in any order, each known by its looks or its key. */
function readLoose(tokens: readonly Token[], columns: AccessColumns, fields: Fields): void {
  const rest: string[] = [];
  for (const [i, { value, raw, form }] of tokens.entries()) {
    if (raw === '-') continue;
    const equals = form === 'bare' ? pairKey.exec(value)?.[0].length : undefined;
    if (equals !== undefined) readPair(value.slice(0, equals - 1), unquote(value.slice(equals)), columns, fields);
    else if (form === 'quoted' && i === 0 && isForwardedFor(value)) {
      if (value !== '-' && value !== '') fields.push(['x_forwarded_for', value]);
    } else if (form === 'bare' && seconds.test(value) && columns.duration_ms === undefined) {
      columns.duration_ms = toMilliseconds(value);
    } else if (form === 'bare' && upstreamTimes.test(value) && rest.length === 0 && isAfterDuration(columns, fields)) {
      fields.push(['upstream_response_time', numberOrText(value)]);
    } else rest.push(raw);
  }
  if (rest.length > 0) fields.push(['tail', rest.join(' ')]);
}

/** nginx's two times are logged together, `$request_time $upstream_response_time`. */
function isAfterDuration(columns: AccessColumns, fields: Fields): boolean {
  return columns.duration_ms !== undefined && !fields.some(([key]) => key === 'upstream_response_time');
}

function readPair(key: string, value: string, columns: AccessColumns, fields: Fields): void {
  if (value === '-' || value === '') return;
  const duration = durationKeys.has(key) && (seconds.test(value) ? toMilliseconds(value) : parseDuration(value));
  if (typeof duration === 'number' && columns.duration_ms === undefined) columns.duration_ms = duration;
  else if (requestIdKeys.has(key) && columns.request_id === undefined) columns.request_id = value;
  else if (key === 'host' && columns.host === undefined) columns.host = value;
  else fields.push([key, numberOrText(value)]);
}

const pairKey = /^[A-Za-z_][\w.-]{0,63}=/;
const durationKeys = new Set(['rt', 'request_time', 'duration', 'response_time', 'took']);
const requestIdKeys = new Set(['rid', 'req_id', 'request_id', 'x_request_id']);
/** Not `$msec`, which is a time: no request takes years. */
const seconds = /^\d{1,8}\.\d{1,6}$/;
const upstreamTimes = /^(?:\d{1,8}\.\d{1,6}|-)(?:, (?:\d{1,8}\.\d{1,6}|-))*$/;

/** nginx writes several upstreams as `10.0.0.1:80, 10.0.0.2:80`. */
function joinLists(tokens: readonly Token[]): Token[] {
  const joined: Token[] = [];
  let open: string[] = [];
  for (const token of tokens) {
    const continues = token.form === 'bare' && token.raw.length > 1 && token.raw.endsWith(',');
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
