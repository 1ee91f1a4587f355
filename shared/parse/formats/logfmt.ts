import type { TextFormat } from '../format.js';
import type { Parsed } from '../parsed.js';
import { accessJson } from './accessJson.js';
import { applicationJson } from './applicationJson.js';

/** Pairs of key and value, under the same key names as in JSON. */
export const logfmt: TextFormat = {
  name: 'logfmt',
  first: /[A-Za-z_]/,
  samples: [
    {
      of: "Go's log/slog, text",
      line: 'time=2026-11-22T16:41:02.500Z level=WARN msg="slow query" took=32.338µs service=search',
    },
  ],
  parse: parseLogfmt,
};

function parseLogfmt(line: string): Parsed | undefined {
  if (!start.test(line)) return undefined;
  const pairs: [string, string][] = [];
  let end = 0;
  for (const [text, key = '', quoted, bare = ''] of line.matchAll(pair)) {
    end += text.length;
    pairs.push([key, quoted === undefined ? bare : unquote(quoted)]);
  }
  // Whatever stands between two pairs makes the line something else than logfmt.
  if (end !== line.length || pairs.length < 2 || !pairs.some(([key]) => known.has(key))) return undefined;
  const object = Object.fromEntries(pairs);
  return accessJson.parse(object) ?? applicationJson.parse(object);
}

const start = /^[A-Za-z_][\w.-]*=/;
/** Sticky: each pair starts where the one before it ended, so a hostile line is read once. */
const pair = /([A-Za-z_][\w.-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|$)/gsy;

/** A line without one of these is an assignment in prose, not a log line. */
const known = new Set(['level', 'lvl', 'severity', 'msg', 'message', 'time', 'ts', 'timestamp', 'method', 'status']);

function unquote(value: string): string {
  if (!value.includes('\\')) return value;
  try {
    return JSON.parse(`"${value}"`) as string;
  } catch {
    return value;
  }
}
