import type { Word } from '../text/wordScanner.js';

/** What Firesplit redacts unless told otherwise. */
export interface DefaultRule {
  readonly name: string;
  /** What it replaces, for docs/redaction.md. */
  readonly doc: string;
  /** Texts and what is left of them, for docs/redaction.md. */
  readonly examples: readonly (readonly [text: string, redacted: string])[];
  /** Keys whose values are replaced whole. */
  readonly keys: readonly string[];
  /** Values that stay even under such a key. */
  readonly keeps?: (key: string, value: unknown) => boolean;
  /** Replaces what is found in a text. */
  readonly text: (cover: Cover) => Rewrite;
  /** Words of which a line must hold one to be worth a look. */
  readonly words: readonly Word[];
  /** A look for what no word announces. */
  readonly mayHold?: (text: string, start: number, end: number) => boolean;
}

/** Gives what is stored in the place of a value. */
export type Cover = (value: string) => string;

/**
 * Rewrites a text.
 *
 * @param key under which it stands, after the keys that this one is nested in: `payment.card`.
 */
export type Rewrite = (text: string, key: string) => string;

/**
 * Where a token may begin: not in the middle of a word, but behind `_`, behind an escape such as `\n` or `\u003d`, and
 * behind a code such as `%3D`.
 */
export const tokenStart = String.raw`(?<=^|[^A-Za-z0-9]|%[0-9A-Fa-f]{2}|\\[bfnrt]|\\u[0-9A-Fa-f]{4})`;

export function wordsFor(...words: readonly string[]): Word[] {
  return words.map((word) => ({ word }));
}
