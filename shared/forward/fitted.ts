import { cut } from '../text/cut.js';
import { stringify } from '../text/json.js';

/** A JSON object, in which texts may be cut. */
export type Members = Readonly<Record<string, unknown>>;

/**
 * The object as JSON of at most so many bytes. The longest text in it is cut, then the next longest, and each says of itself how
 * much is missing: the whole row is in the bucket.
 */
export function fitted(members: Members, maxBytes: number): string {
  let json = stringify(members);
  let excess = Buffer.byteLength(json) - maxBytes;
  if (excess <= 0) return json;
  const copy = structuredClone(members) as Record<string, unknown>;
  for (const { holder, key, text } of longestFirst(copy)) {
    // Escapes, which are rarely spread evenly, may leave too much of it: then a byte is taken for one byte of JSON, which it is at least.
    for (const bytesOfJson of [Buffer.byteLength(stringify(text)) / Buffer.byteLength(text), 1]) {
      if (excess <= 0) break;
      holder[key] = shortened(text, String(holder[key]), excess / bytesOfJson);
      json = stringify(copy);
      excess = Buffer.byteLength(json) - maxBytes;
    }
  }
  if (excess <= 0) return json;
  // So many members that cutting them all is not enough: no log line, but nothing may be too large.
  const { message } = copy;
  return stringify({ ...(typeof message === 'string' ? { message: cut(message, 1000)[0] } : {}), [tooMany]: true });
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  readonly text: string;
}

function longestFirst(members: Record<string, unknown>): Place[] {
  return placesIn(members).sort((a, b) => b.text.length - a.text.length);
}

/** Arrays too are records by their indexes. */
function placesIn(holder: Record<string, unknown>): Place[] {
  return Object.entries(holder).flatMap(([key, value]) => {
    if (typeof value === 'string') return value.length > MARKER ? [{ holder, key, text: value }] : [];
    return typeof value === 'object' && value !== null ? placesIn(value as Record<string, unknown>) : [];
  });
}

/** @param shown what is shown of the text by now, of which so many bytes are too many */
function shortened(text: string, shown: string, excess: number): string {
  const kept = Math.max(0, Math.floor(Buffer.byteLength(shown) - excess) - MARKER);
  const start = kept === 0 ? '' : (cut(text, kept)[0] ?? '');
  return `${start}… [${Buffer.byteLength(text) - Buffer.byteLength(start)} bytes cut by firesplit]`;
}

/** Bytes of what is written in the place of what was cut, at most. */
const MARKER = 48;

const tooMany = 'firesplit_too_large';
