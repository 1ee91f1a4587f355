import type { LogType } from '../../line/schema/index.js';
import { requiredWords, wordIn } from '../../text/requiredWords.js';
import { compileWordScanner, type WordScanner } from '../../text/wordScanner.js';
import { type FieldMatcher, isList, partsOf, type Where } from '../../where/clause.js';
import { asText, compileReader, fieldsPrefix, type Reader, type RowView } from '../../where/compileWhere.js';

/**
 * Which of many where-clauses a row may match: most of them name a value or a text that it must hold. The row's
 * values are looked up, and its texts looked through once for the texts of all clauses, so that clauses which can't
 * match cost nothing.
 */
export interface Prefilter<T> {
  /** Those that are worth a closer look; the list is good until the next call. */
  candidates(view: RowView): readonly T[];
}

export function compilePrefilter<T>(
  items: readonly T[],
  whereOf: (item: T) => Where,
  type: LogType = 'error',
): Prefilter<T> {
  const always: T[] = [];
  const byName = new Map<string, NameIndex>();
  let row = 0;
  const found: T[] = [];

  for (const item of items) {
    const clues = cluesOf(whereOf(item), type);
    if (!clues) always.push(item);
    let foundIn = 0;
    const find = () => {
      if (foundIn !== row) found.push(item);
      foundIn = row;
    };
    for (const { kind, name, text } of clues ?? []) {
      const index = byName.get(name) ?? newIndex(name);
      byName.set(name, index);
      if (kind === 'presence') index.byPresence.push(find);
      const finds = { equals: index.byValue, word: index.byWord, presence: undefined }[kind];
      finds?.set(text, [...(finds.get(text) ?? []), find]);
    }
  }
  const ofPlainTexts = [...byName.values()].filter(hasPlainTexts);
  const lookUps = [...byName.values()].filter((index) => !ofPlainTexts.includes(index)).map(compileLookUp);
  if (ofPlainTexts.length > 0) lookUps.push(compileFieldsLookUp(ofPlainTexts));

  return {
    candidates(view) {
      row++;
      found.length = 0;
      for (const item of always) found.push(item);
      for (const lookUp of lookUps) lookUp(view);
      return found;
    },
  };
}

/** What a row must hold: a column's or path's whole value, or a word within it, or any value. */
interface Clue {
  readonly kind: 'equals' | 'word' | 'presence';
  readonly name: string;
  /** The value or the word; of a path that must have any value, a word of its key. */
  readonly text: string;
}

/** Clues of which a row must show one for the clause to match; undefined when there are none to go by. */
function cluesOf(where: Where, type: LogType): readonly Clue[] | undefined {
  const { columns, any, all } = partsOf(where);
  const cheapest = (choices: readonly (readonly Clue[] | undefined)[]) => cheapestOf(choices, type);
  return cheapest([
    ...columns.map(([name, matcher]) => cluesIn(name, matcher, cheapest)),
    ...all.map((each) => cluesOf(each, type)),
    any && ofEach(any.map((each) => cluesOf(each, type))),
  ]);
}

type Choose = (choices: readonly (readonly Clue[] | undefined)[]) => readonly Clue[] | undefined;

function cluesIn(name: string, matcher: FieldMatcher, cheapest: Choose): readonly Clue[] | undefined {
  if (isList(matcher)) return matcher.map((value) => ({ kind: 'equals', name, text: String(value) }));
  if (typeof matcher !== 'object') return [{ kind: 'equals', name, text: String(matcher) }];
  const { contains, regex, any, all = [] } = matcher;
  const word = contains === undefined ? undefined : wordIn(contains);
  const words = regex === undefined ? undefined : requiredWords(regex);
  return cheapest([
    word === undefined ? undefined : [{ kind: 'word', name, text: word }],
    words?.map((text) => ({ kind: 'word', name, text })),
    ...all.map((each) => cluesIn(name, each, cheapest)),
    any && ofEach(any.map((each) => cluesIn(name, each, cheapest))),
    asksForAny(matcher) ? presenceOf(name) : undefined,
  ]);
}

/** Whether a missing value can't match. */
function asksForAny({
  exists,
  gt,
  gte,
  lt,
  lte,
  cidr,
}: Exclude<FieldMatcher, string | number | boolean | readonly unknown[]>): boolean {
  return exists === true || [gt, gte, lt, lte, cidr].some((bound) => bound !== undefined);
}

/** A path into `fields` that has a value has its last key in their text. */
function presenceOf(name: string): readonly Clue[] | undefined {
  const word = name.startsWith(fieldsPrefix) ? wordIn(name.split('.').at(-1) ?? '') : undefined;
  return word === undefined ? undefined : [{ kind: 'presence', name, text: word }];
}

function ofEach(alternatives: readonly (readonly Clue[] | undefined)[]): readonly Clue[] | undefined {
  return alternatives.some((clues) => clues === undefined) ? undefined : alternatives.flatMap((clues) => clues ?? []);
}

function cheapestOf(choices: readonly (readonly Clue[] | undefined)[], type: LogType): readonly Clue[] | undefined {
  const costOf = (clues: readonly Clue[]) => clues.reduce((sum, clue) => sum + costIn(clue, type), 0);
  return choices.reduce((best, clues) => (best && clues && costOf(best) <= costOf(clues) ? best : (clues ?? best)));
}

/** Roughly how often the clause will have to be looked at: a level is that of many rows, a text that of few. */
function costIn({ kind, name, text }: Clue, type: LogType): number {
  const inFields = name.startsWith(fieldsPrefix) ? 5 : 0;
  if (kind !== 'equals') return inFields + 1;
  // Application lines are those that report no failure, and few of them warn.
  if (name === 'level' && type === 'app' && rareInApp.has(text)) return 1;
  return inFields + (commonness[name] ?? 2);
}

const rareInApp: ReadonlySet<string> = new Set(['warn', 'error', 'fatal']);
const commonness: Readonly<Record<string, number>> = { level: 20, source: 20, cluster: 20, service: 5, task: 5 };

interface NameIndex {
  readonly name: string;
  readonly read: Reader;
  readonly byValue: Map<string, (() => void)[]>;
  readonly byWord: Map<string, (() => void)[]>;
  readonly byPresence: (() => void)[];
}

function newIndex(name: string): NameIndex {
  return { name, read: compileReader(name), byValue: new Map(), byWord: new Map(), byPresence: [] };
}

type LookUp = (view: RowView) => void;

function compileLookUp({ read, byValue, byWord, byPresence }: NameIndex): LookUp {
  const scan = compileScan(byWord);
  return (view) => {
    let text: string | undefined;
    try {
      text = asText(read(view));
    } catch {
      // Whoever looks closer will meet the same error, and it will be known which rule it was.
      for (const finds of [...byValue.values(), ...byWord.values(), byPresence]) for (const find of finds) find();
      return;
    }
    if (text === undefined) return;
    for (const find of byPresence) find();
    for (const find of byValue.get(text) ?? none) find();
    scan?.(text, 0, text.length);
  };
}

const none: readonly (() => void)[] = [];

/** Few rows hold such a text anywhere in their fields: those of others need not be parsed. */
function compileFieldsLookUp(indexes: readonly NameIndex[]): LookUp {
  const words = new Set(indexes.flatMap(wordsOf));
  const holdsOne = compileWordScanner([...words].map((word) => ({ word })));
  const lookUps = indexes.map(compileLookUp);
  return (view) => {
    const json = view.fieldsJson;
    if (json === undefined || json === '') return;
    if (holdsOne(json, 0, json.length) || json.includes('\\u')) for (const lookUp of lookUps) lookUp(view);
  };
}

/** What any row that is found by the index holds. */
function wordsOf({ name, byValue, byWord, byPresence }: NameIndex): string[] {
  const keys = byPresence.length === 0 ? [] : (presenceOf(name)?.map(({ text }) => text) ?? ['']);
  return [...byWord.keys(), ...[...byValue.keys()].map((value) => wordIn(value) ?? ''), ...keys];
}

function hasPlainTexts(index: NameIndex): boolean {
  return index.name.startsWith(fieldsPrefix) && wordsOf(index).every(isPlain);
}

/** Whether a value that holds the word holds it in JSON as well, unless by an escape of `\u`: it is part of a string, and has no other escapes. */
function isPlain(word: string): boolean {
  return !/["\\/]/.test(word) && /[^\W\dtruefalsn_]/.test(word) && !'-infinity'.includes(word);
}

/** Looks through the whole text: a word that is found is never confirmed. */
function compileScan(byWord: ReadonlyMap<string, readonly (() => void)[]>): WordScanner | undefined {
  if (byWord.size === 0) return undefined;
  return compileWordScanner(
    [...byWord].map(([word, finds]) => ({
      word,
      confirm: () => {
        for (const find of finds) find();
        return false;
      },
    })),
  );
}
