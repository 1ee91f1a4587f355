import type { Effect } from './valueEffect.js';

/** What other shapes have shown, for lines of one treatment. */
export class Lessons {
  /** What values became, by type, kind and path. */
  readonly effects = new Map<string, Effect>();
  private readonly parts = new Map<string, unknown>();

  /**
   * The same part of an earlier shape, where there was one: a thousand shapes with most keys in common then fit the processor's
   * cache.
   */
  readonly share = <T>(id: string, make: () => T): T => {
    const known = this.parts.get(id);
    if (known !== undefined) return known as T;
    const part = make();
    if (this.parts.size < MAX_LESSONS) this.parts.set(id, part);
    return part;
  };
}

/** Each takes some 200 bytes. */
export const MAX_LESSONS = 10_000;
