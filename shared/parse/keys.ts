import { parseExactly } from './exactJson.js';
import type { Fields } from './parsed.js';
import { parseTime } from './time.js';

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

/** An object whose keys are taken one by one; what nobody took is left for `fields`. */
export class Keys {
  private readonly taken = new Set<string>();
  private readonly kept: [string, unknown][] = [];

  constructor(private readonly object: JsonObject) {}

  has(key: string): boolean {
    return Object.hasOwn(this.object, key);
  }

  peek(keys: readonly string[]): unknown {
    const key = this.find(keys);
    return key === undefined ? undefined : this.object[key];
  }

  /** Marks the first key that is there as used, and names it. */
  take(keys: readonly string[]): string | undefined {
    const key = this.find(keys);
    if (key !== undefined) this.taken.add(key);
    return key;
  }

  /** A value of another type than the column's is left for `fields`. */
  takeString(keys: readonly string[]): string | undefined {
    const value = this.peek(keys);
    if (typeof value === 'string') this.take(keys);
    return typeof value === 'string' ? value : undefined;
  }

  takeNumber(keys: readonly string[]): number | undefined {
    const value = this.peek(keys);
    const number = typeof value === 'string' && value !== '' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) return undefined;
    this.take(keys);
    return number;
  }

  takeTime(): number | undefined {
    for (const key of timeKeys) {
      const time = Object.hasOwn(this.object, key) ? parseTime(this.object[key]) : undefined;
      if (time === undefined) continue;
      this.taken.add(key);
      return time;
    }
    return undefined;
  }

  /** Leaves a value for `fields` under this key. */
  keep(key: string, value: unknown): void {
    this.kept.push([key, value]);
  }

  rest(): Fields {
    return [...Object.entries(this.object).filter(([key]) => !this.taken.has(key)), ...this.kept];
  }

  private find(keys: readonly string[]): string | undefined {
    return keys.find((key) => Object.hasOwn(this.object, key) && !this.taken.has(key));
  }
}

/** Under which keys a line states its time, the most usual first. */
const timeKeys = [
  'time',
  '@timestamp',
  'timestamp',
  'ts',
  'time_iso8601',
  'time_local',
  'datetime',
  'date',
  'msec',
] as const;
