import { parseExactly } from './exactJson.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object that a text holds, read without loss, or undefined for any other text. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value = parseExactly(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
