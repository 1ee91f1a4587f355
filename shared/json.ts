/**
 * JSON that every reader takes. A lone surrogate, which JSON.stringify writes as the escape `\ud800`, makes DuckDB and
 * others refuse the whole file: it is written as the six characters it was.
 */
export function stringify(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes('\\ud') ? json.replace(escapedBackslashOrSurrogate, keepAsText) : json;
}

/** A backslash of the text itself is matched too, so that what follows it is not taken for an escape. */
const escapedBackslashOrSurrogate = /\\(?:\\|ud[89a-f][0-9a-f]{2})/g;

function keepAsText(match: string): string {
  return match === '\\\\' ? match : `\\${match}`;
}
