import type { Parsed } from '../line/parsed.js';
import type { Role } from './valueEffect.js';

/** The full parse does more to some values: an address with a port, an id of zeros, a number that it prints otherwise. */
export function usualOf(role: Role, column: string, type: Parsed['type']): RegExp | undefined {
  if (role === 'status') return usualStatus;
  if (role === 'seconds' || role === 'number') return column === 'bytes' ? usualInteger : usualDuration;
  if (role === 'nanoseconds') return usualInteger;
  return role === 'text' ? (type === 'access' ? usualAccess : usualIds)[column] : undefined;
}

/** Which logger wrote the line says what a number means, and no word shows that. */
export function levelLike(value: string): RegExp {
  return /^\d+$/.test(value) ? levelNumber : levelWord;
}

const levelNumber = /^\d{2}$/;
/** Serilog reads `Verbose` in its own way, and MongoDB does not know all letters. */
const levelWord = /^(?!Verbose$|[TVN]$)\D/;
const usualStatus = /^[1-5]\d\d$/;
const usualInteger = /^\d{1,15}$/;
const usualDuration = /^\d{1,9}(?:\.\d{1,6})?$/;
const usualAccess: Readonly<Record<string, RegExp>> = {
  client_ip: /^(?:(?:::ffff:)?\d{1,3}(?:\.\d{1,3}){3}|[\da-f]{0,4}(?::[\da-f]{0,4}){2,7})$/,
  host: /^[a-z\d.-]+$/,
  protocol: /^HTTP\/\d(?:\.\d)?$/,
};
/** Ids that parseTraceId takes; a longer trace id may be a header. */
const usualIds: Readonly<Record<string, RegExp>> = {
  trace_id: /^(?:1-[\da-f]{8}-[\da-f]{24}|(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*)$/,
  span_id: /^(?=.{1,36}$)[\da-f]*[1-9a-f][\da-f]*$/,
  request_id: /^(?!(?:(?:0x)?0+|<null>)$)[!-[\]-~]{1,256}$/,
};
