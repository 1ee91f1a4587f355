import type { AccessColumns, Parsed } from '../../line/parsed.js';
import { firstAddress } from '../values/address.js';
import { parseLoggedDuration, scaleToMilliseconds, toMilliseconds } from '../values/duration.js';
import { readCount, readDecimal } from '../values/number.js';
import { splitRequest, splitUrl } from '../values/request.js';
import { parseInstant } from './instant.js';
import { type FoundKeys, KeyTree } from './keyTree.js';
import { isObject, type JsonObject } from './object.js';

/** What an access line in JSON may say; a request is either a whole line or a method and a target. */
interface AccessValues {
  /** Milliseconds since the epoch. */
  time: number;
  status: number;
  request: string;
  method: string;
  target: string;
  query: string;
  protocol: string;
  client_ip: string;
  bytes: number;
  seconds: number;
  milliseconds: number;
  nanoseconds: number;
  /** Milliseconds, of a value with its unit: `4.1ms`. */
  duration: number;
  referer: string;
  user_agent: string;
  host: string;
  request_id: string;
}

/** The names that a program or a habit has for each of these, the most specific first; dotted ones may be nested objects. */
type AccessPaths = Partial<Readonly<Record<keyof AccessValues, readonly string[]>>>;
type AccessTree = KeyTree<AccessValues>;

export function accessTree(paths: AccessPaths): AccessTree {
  return new KeyTree<AccessValues>({
    time: { paths: paths.time ?? [], read: parseInstant },
    status: { paths: paths.status ?? [], read: readStatus },
    request: { paths: paths.request ?? [], read: readRequestLine },
    method: { paths: paths.method ?? [], read: readMethod },
    target: { paths: paths.target ?? [], read: readHeader },
    query: { paths: paths.query ?? [], read: readHeader },
    protocol: { paths: paths.protocol ?? [], read: readHeader },
    client_ip: { paths: paths.client_ip ?? [], read: readText },
    bytes: { paths: paths.bytes ?? [], read: readWhole },
    seconds: { paths: paths.seconds ?? [], read: readSeconds },
    milliseconds: { paths: paths.milliseconds ?? [], read: readNumber },
    nanoseconds: { paths: paths.nanoseconds ?? [], read: readNumber },
    duration: { paths: paths.duration ?? [], read: readDuration },
    referer: { paths: paths.referer ?? [], read: readHeader },
    user_agent: { paths: paths.user_agent ?? [], read: readHeader },
    host: { paths: paths.host ?? [], read: readHeader },
    request_id: { paths: paths.request_id ?? [], read: readHeader },
  });
}

/** Reads an object that has a status and a request; undefined for any other. */
export function readAccess(tree: AccessTree, object: JsonObject): Parsed | undefined {
  const line = tree.find(object);
  const columns = line.peek('status') === undefined ? undefined : takeRequest(line);
  const status = line.take('status');
  if (!columns || status === undefined) return undefined;
  columns.status = status;
  takeClient(line, columns);
  for (const key of textColumns) {
    if (columns[key] !== undefined) continue;
    const value = line.take(key);
    // Without a query, nginx and others write an empty one.
    if (value !== undefined && value !== '-' && !(key === 'query' && value === '')) columns[key] = value;
  }
  if (columns.protocol !== undefined && version.test(columns.protocol)) columns.protocol = `HTTP/${columns.protocol}`;
  const bytes = line.take('bytes');
  if (bytes !== undefined) columns.bytes = bytes;
  const duration = takeDuration(line);
  if (duration !== undefined) columns.duration_ms = duration;
  return { type: 'access', time: line.take('time'), columns, fields: line.rest() };
}

function takeRequest(line: FoundKeys<AccessValues>): AccessColumns | undefined {
  const request = line.take('request');
  if (request !== undefined) return splitRequest(request);
  const method = line.take('method');
  const target = line.take('target');
  return method === undefined || target === undefined ? undefined : { method, ...splitUrl(target) };
}

/** The port of a client and the proxies between are no part of its address: the whole value then stays in `fields`. */
function takeClient(line: FoundKeys<AccessValues>, columns: AccessColumns): void {
  const value = line.peek('client_ip');
  if (value === undefined) return;
  const address = firstAddress(value);
  if (address === value) line.take('client_ip');
  if (address !== '-') columns.client_ip = address;
}

function takeDuration(line: FoundKeys<AccessValues>): number | undefined {
  const seconds = line.take('seconds');
  if (seconds !== undefined) return toMilliseconds(seconds);
  const milliseconds = line.take('milliseconds');
  if (milliseconds !== undefined) return milliseconds;
  const nanoseconds = line.take('nanoseconds');
  return nanoseconds === undefined ? line.take('duration') : scaleToMilliseconds(nanoseconds, 1e-6);
}

const textColumns = ['query', 'protocol', 'referer', 'user_agent', 'host', 'request_id'] as const;
const version = /^[123](?:\.\d)?$/;

/** 0 is what Caddy and Envoy log when the client left before there was a response. */
function readStatus(value: unknown): number | undefined {
  const status = typeof value === 'string' && /^(?:\d{3}|0)$/.test(value) ? Number(value) : value;
  if (typeof status !== 'number' || !Number.isInteger(status)) return undefined;
  return status === 0 || (status >= 100 && status <= 999) ? status : undefined;
}

function readRequestLine(value: unknown): string | undefined {
  return typeof value === 'string' && value.includes(' ') ? value : undefined;
}

function readMethod(value: unknown): string | undefined {
  return typeof value === 'string' && method.test(value) ? value.toUpperCase() : undefined;
}

/** RFC 9110's tokens in upper case, and the usual ones as HTTP clients write them. */
const method = /^(?:[A-Z][A-Z_-]{1,31}|get|head|post|put|patch|delete|options)$/;

function readText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A header is a string, or in Go's view a list of them. */
function readHeader(value: unknown): string | undefined {
  return readText(Array.isArray(value) && value.length === 1 ? value[0] : value);
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const text = readHeader(value)?.trim();
  return text === undefined ? undefined : readDecimal(text);
}

/** Those of a number near the largest that a double holds have no milliseconds. */
function readSeconds(value: unknown): number | undefined {
  const seconds = readNumber(value);
  return seconds !== undefined && Number.isFinite(toMilliseconds(seconds)) ? seconds : undefined;
}

function readWhole(value: unknown): number | undefined {
  const number = typeof value === 'number' ? value : readCount(readHeader(value)?.trim() ?? '');
  return number !== undefined && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
}

function readDuration(value: unknown): number | undefined {
  return typeof value === 'string' ? parseLoggedDuration(value) : undefined;
}

/** Whether a key of an object is itself an object, told without walking it. */
export function hasObject(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key) && isObject(object[key]);
}
