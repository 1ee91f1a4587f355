import { parseExactly } from './exactJson.js';
import { quoteNonFinite } from './nonFinite.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a text holds, read without loss, or undefined for any other text. Python's `NaN` is a text. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parse(text) ?? (nonFinite.test(text) ? parse(quoteNonFinite(text)) : undefined);
  return isObject(value) ? value : undefined;
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parseExactly(text);
  } catch {
    return undefined;
  }
}

const nonFinite = /NaN|Infinity/;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
