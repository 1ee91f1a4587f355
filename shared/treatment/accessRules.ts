import type { Row } from '../line/row.js';
import type { EntryRow } from '../line/schema/index.js';
import { compileWordScanner, minWord, type Word, type WordScanner } from '../text/wordScanner.js';
import { type FieldMatcher, isList, partsOf, type Where } from '../where/clause.js';
import { compileWhere, fieldsPrefix, namesIn, RowView } from '../where/compileWhere.js';
import type { LineConfig } from './lineConfig.js';

/** Which access lines are stored: what `access` in infra/firesplit.yml says. */
export interface AccessRules {
  /** What becomes of a row. One that is not to be stored is counted. */
  keep(row: Row): Kept;
  /** Whether a rule may concern the raw text of a whole line, escaped as it came. False is certain. */
  readonly mayConcern: WordScanner;
  /** Lines left out since the last call, by the rule's name. */
  takeCounts(): AccessCounts;
}

export type Kept =
  /** The row as it is to be stored, marked when it stands for others. */
  | { readonly kind: 'stored'; readonly row: Row }
  /** A sample stands for it. Alert rules see it all the same, or they would count samples. */
  | { readonly kind: 'sampled out' }
  /** As good as never logged. */
  | { readonly kind: 'dropped' };

export interface AccessCounts {
  readonly dropped: ReadonlyMap<string, number>;
  readonly sampled: ReadonlyMap<string, number>;
}

/** Compiles the drop rules, then the sample rules; the first that matches a line decides. */
export function compileAccessRules({ drop = [], sample = [] }: NonNullable<LineConfig['access']> = {}): AccessRules {
  const stated = [...drop.map((rule) => ({ ...rule, keep: 0 })), ...sample];
  const rules = stated.map(({ name, where, keep }) => ({ name, keep, matches: compileWhere(where) }));
  const readsFields = stated.some(({ where }) => namesIn(where).some((name) => name.startsWith(fieldsPrefix)));
  const view = new RowView();
  let dropped = new Map<string, number>();
  let sampled = new Map<string, number>();
  return {
    keep(row) {
      if (row.type !== 'access' || rules.length === 0) return { kind: 'stored', row };
      view.show(viewed(row, readsFields));
      const rule = rules.find(({ matches }) => matches(view));
      if (!rule) return { kind: 'stored', row };
      if (rule.keep > fraction(JSON.stringify([row.ts, row.columns]))) {
        return { kind: 'stored', row: { ...row, fields: [...row.fields, ['sample_keep', rule.keep]] } };
      }
      const [kind, counts] = rule.keep === 0 ? (['dropped', dropped] as const) : (['sampled out', sampled] as const);
      counts.set(rule.name, (counts.get(rule.name) ?? 0) + 1);
      return { kind };
    },
    mayConcern: compileConcern(stated.map(({ where }) => wordsOf(where))),
    takeCounts() {
      const counts = { dropped, sampled };
      dropped = new Map();
      sampled = new Map();
      return counts;
    },
  };
}

/** A where-clause looks columns up by name, whatever the table. */
function viewed({ ts, origin, columns, fields }: Row, withFields: boolean): EntryRow {
  const { service, source, task, cluster } = origin;
  const row = { ts, service, source, task, cluster, ...columns };
  return (withFields ? { ...row, fields: JSON.stringify(Object.fromEntries(fields)) } : row) as EntryRow;
}

/** 0 to 1 by the text's FNV-1a hash: the same line is always decided the same way, so a retry stores the same lines. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // The last bits of FNV mix best: the first ones are folded into them.
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}

function compileConcern(words: readonly (readonly Word[] | undefined)[]): WordScanner {
  if (words.length === 0) return () => false;
  const all = eachOf(words);
  return all ? compileWordScanner(all) : () => true;
}

/** Words of which a line must hold one for the clause to match; undefined when nothing in it names any. */
function wordsOf(where: Where): readonly Word[] | undefined {
  const { columns, any, all } = partsOf(where);
  for (const [, matcher] of columns) {
    const words = textsOf(matcher)?.map(longestWord);
    if (words?.every((word) => word.length >= minWord)) return words.map((word) => ({ word: word.toLowerCase() }));
  }
  for (const part of all) {
    const words = wordsOf(part);
    if (words) return words;
  }
  return any && eachOf(any.map(wordsOf));
}

/** Texts of which the column must hold one. */
function textsOf(matcher: FieldMatcher): readonly string[] | undefined {
  if (isList(matcher)) return matcher.map(String);
  if (typeof matcher !== 'object') return [String(matcher)];
  if (matcher.contains !== undefined) return [matcher.contains];
  for (const part of matcher.all ?? []) {
    const texts = textsOf(part);
    if (texts) return texts;
  }
  return matcher.any && eachOf(matcher.any.map(textsOf));
}

/** What all of them have; undefined when one has nothing. */
function eachOf<T>(parts: readonly (readonly T[] | undefined)[]): readonly T[] | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length === parts.length ? known.flat() : undefined;
}

/** Characters that stand in a log line as they are, whatever its escapes. */
function longestWord(text: string): string {
  return (text.match(/[A-Za-z0-9_.-]+/g) ?? []).reduce(
    (longest, word) => (word.length > longest.length ? word : longest),
    '',
  );
}
