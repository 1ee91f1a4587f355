import { isObject, type JsonObject } from './object.js';

/** OTLP's list of attributes as an object; undefined for what is no such list, or names a key twice. */
export function plainAttributes(list: unknown): JsonObject | undefined {
  if (!Array.isArray(list)) return undefined;
  const attributes = new Map<string, unknown>();
  for (const each of list as readonly unknown[]) {
    if (!isObject(each) || typeof each.key !== 'string' || attributes.has(each.key)) return undefined;
    attributes.set(each.key, plainValue(each.value));
  }
  return Object.fromEntries(attributes);
}

/** An OTLP AnyValue as the JSON value it stands for. */
export function plainValue(value: unknown): unknown {
  if (!isObject(value)) return value;
  const [kind = '', held] = Object.entries(value)[0] ?? [];
  // 64-bit integers travel as text; those that JSON numbers can't hold stay text.
  if (kind === 'intValue') return Number.isSafeInteger(Number(held)) ? Number(held) : held;
  if (kind === 'arrayValue' && isObject(held) && Array.isArray(held.values)) return held.values.map(plainValue);
  if (kind === 'kvlistValue' && isObject(held)) return plainAttributes(held.values) ?? value;
  return scalarKinds.has(kind) ? held : value;
}

const scalarKinds = new Set(['stringValue', 'boolValue', 'doubleValue', 'bytesValue']);
