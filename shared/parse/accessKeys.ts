import { firstAddress } from './address.js';
import { parseDuration, scaleToMilliseconds, toMilliseconds } from './duration.js';
import { isObject, type JsonObject } from './keys.js';
import { type FoundKeys, type KeySource, KeyTree } from './keyTree.js';
import type { AccessColumns, Parsed } from './parsed.js';
import { splitRequest, splitUrl } from './request.js';
import { parseTime } from './time.js';

/** What an access line in JSON may say; a request is either a whole line or a method and a target. */
type AccessKey =
  | 'time'
  | 'status'
  | 'request'
  | 'method'
  | 'target'
  | 'query'
  | 'protocol'
  | 'client_ip'
  | 'bytes'
  | 'seconds'
  | 'milliseconds'
  | 'nanoseconds'
  /** With its unit in the value: `4.1ms`. */
  | 'duration'
  | 'referer'
  | 'user_agent'
  | 'host'
  | 'request_id';

/** The names that a program or a habit has for each of these, the most specific first; dotted ones may be nested objects. */
export type AccessPaths = Partial<Readonly<Record<AccessKey, readonly string[]>>>;
export type AccessTree = KeyTree<AccessKey>;

export function accessTree(paths: AccessPaths): AccessTree {
  const source = (key: AccessKey): KeySource => ({ paths: paths[key] ?? [], accepts: accepts[key] });
  return new KeyTree<AccessKey>({
    time: source('time'),
    status: source('status'),
    request: source('request'),
    method: source('method'),
    target: source('target'),
    query: source('query'),
    protocol: source('protocol'),
    client_ip: source('client_ip'),
    bytes: source('bytes'),
    seconds: source('seconds'),
    milliseconds: source('milliseconds'),
    nanoseconds: source('nanoseconds'),
    duration: source('duration'),
    referer: source('referer'),
    user_agent: source('user_agent'),
    host: source('host'),
    request_id: source('request_id'),
  });
}

/** Reads an object that has a status and a request; undefined for any other. */
export function readAccess(tree: AccessTree, object: JsonObject): Parsed | undefined {
  const line = tree.find(object);
  const status = line.peek('status');
  const columns = status === undefined ? undefined : takeRequest(line);
  if (!columns) return undefined;
  line.take('status');
  columns.status = Number(status);
  takeClient(line, columns);
  for (const key of ['query', 'protocol', 'referer', 'user_agent', 'host', 'request_id'] as const) {
    if (columns[key] !== undefined) continue;
    const value = headerOf(line.take(key));
    // Without a query, nginx and others write an empty one.
    if (value !== undefined && value !== '-' && !(key === 'query' && value === '')) columns[key] = value;
  }
  if (columns.protocol !== undefined && version.test(columns.protocol)) columns.protocol = `HTTP/${columns.protocol}`;
  const bytes = line.take('bytes');
  if (bytes !== undefined) columns.bytes = Number(headerOf(bytes) ?? bytes);
  const duration = takeDuration(line);
  if (duration !== undefined) columns.duration_ms = duration;
  const time = parseTime(line.take('time'));
  return { type: 'access', time, columns, fields: line.rest() };
}

function takeRequest(line: FoundKeys<AccessKey>): AccessColumns | undefined {
  const request = line.peek('request');
  if (typeof request === 'string') {
    line.take('request');
    return splitRequest(request);
  }
  const method = line.peek('method');
  const target = line.peek('target');
  if (typeof method !== 'string' || typeof target !== 'string') return undefined;
  line.take('method');
  line.take('target');
  return { method: method.toUpperCase(), ...splitUrl(target) };
}

/** The port of a client and the proxies between are no part of its address: the whole value then stays in `fields`. */
function takeClient(line: FoundKeys<AccessKey>, columns: AccessColumns): void {
  const value = line.peek('client_ip');
  if (typeof value !== 'string') return;
  const address = firstAddress(value);
  if (address === value) line.take('client_ip');
  if (address !== '-') columns.client_ip = address;
}

function takeDuration(line: FoundKeys<AccessKey>): number | undefined {
  const seconds = line.take('seconds');
  if (seconds !== undefined) return toMilliseconds(Number(seconds));
  const milliseconds = line.take('milliseconds');
  if (milliseconds !== undefined) return Number(milliseconds);
  const nanoseconds = line.take('nanoseconds');
  if (nanoseconds !== undefined) return scaleToMilliseconds(Number(nanoseconds), 1e-6);
  return parseDuration(String(line.take('duration')));
}

/** A header is a string, or in Go's view a list of them. */
function headerOf(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

const version = /^[123](?:\.\d)?$/;

const accepts: Readonly<Record<AccessKey, (value: unknown) => boolean>> = {
  time: (value) => parseTime(value) !== undefined,
  status: isStatus,
  request: (value) => typeof value === 'string' && value.includes(' '),
  method: (value) => typeof value === 'string' && method.test(value),
  target: isHeader,
  query: isHeader,
  protocol: isHeader,
  client_ip: (value) => typeof value === 'string',
  bytes: (value) => isNumber(headerOf(value) ?? value),
  seconds: isNumber,
  milliseconds: isNumber,
  nanoseconds: isNumber,
  duration: (value) => typeof value === 'string' && parseDuration(value) !== undefined,
  referer: isHeader,
  user_agent: isHeader,
  host: isHeader,
  request_id: isHeader,
};

/** RFC 9110's tokens in upper case, and the usual ones as HTTP clients write them. */
const method = /^(?:[A-Z][A-Z_-]{1,31}|get|head|post|put|patch|delete|options)$/;

/** 0 is what Caddy and Envoy log when the client left before there was a response. */
function isStatus(value: unknown): boolean {
  if (typeof value === 'string') return /^(?:\d{3}|0)$/.test(value);
  return typeof value === 'number' && Number.isInteger(value) && (value === 0 || (value >= 100 && value <= 999));
}

function isHeader(value: unknown): boolean {
  if (typeof value === 'string') return true;
  return Array.isArray(value) && value.length === 1 && typeof value[0] === 'string';
}

function isNumber(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() !== '' && Number.isFinite(Number(value));
  return typeof value === 'number' && Number.isFinite(value);
}

/** Whether a key of an object is itself an object, told without walking it. */
export function hasObject(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key) && isObject(object[key]);
}
