/** What `redact` in infra/firesplit.yml says. */
export interface RedactionConfig {
  /** Names of defaults that are not wanted; see `defaultNames`. */
  readonly except?: readonly string[];
  /** What to do with e-mail addresses. They are kept unless this says otherwise. */
  readonly emails?: Treatment;
  /** What to do with international bank account numbers; the same. */
  readonly ibans?: Treatment;
  /** What to do with social security numbers of the United States; the same. */
  readonly ssns?: Treatment;
  /** Applied in this order, before the defaults. */
  readonly rules?: readonly RedactionRule[];
}

type Treatment = 'keep' | 'replace' | 'hash';

/** Names what must not be stored, by the key it stands under or by how it looks, and what is stored in its place. */
export type RedactionRule = {
  /** Counted under this name. */
  readonly name: string;
} & (
  | {
      /**
       * Keys, or globs such as `*password*`, whatever their case and separators: `api_key` is also `apiKey` and
       * `API-KEY`. They are looked for among the columns, at any depth of `fields`, and as `key=value` in text.
       */
      readonly key: readonly string[];
    }
  | {
      /** A regular expression for the text to replace; `(?i)` in front ignores case. */
      readonly pattern: string;
      /**
       * Words (of 4 letters or more) of which the text has at least one, in any case. With them a line that has none
       * costs next to nothing; without them the pattern is tried on every value of every line.
       */
      readonly words?: readonly string[];
    }
) &
  (
    | {
        /** Stored instead; `[redacted]` when absent. For a pattern, `$1` is what its first group matched. */
        readonly replacement?: string;
      }
    | {
        /** Stores the first 16 hexadecimal digits of the value's HMAC-SHA256 instead: equal values stay recognisable as equal. */
        readonly hash: true;
      }
  );

export const redacted = '[redacted]';

/** Whether anything is to be hashed, which takes a key. */
export function hashesValues({ emails, ibans, ssns, rules = [] }: RedactionConfig = {}): boolean {
  return [emails, ibans, ssns].includes('hash') || rules.some((rule) => 'hash' in rule);
}
