import { createHmac } from 'node:crypto';
import { tables } from '../line/schema/index.js';
import { isObject, type JsonObject, parseObject } from '../parse/json/object.js';
import { compilePattern } from '../text/pattern.js';
import { compileWordScanner, type Word, type WordScanner } from '../text/wordScanner.js';
import { compileAssignments } from './assignments.js';
import { Counts } from './counts.js';
import type { Cover, DefaultRule, Rewrite } from './defaultRule.js';
import { defaultRules } from './defaults.js';
import { compileKeys, wordsOfKeys } from './keys.js';
import { personalRules } from './personal.js';
import { type RedactionConfig, type RedactionRule, redacted } from './rule.js';

/** Keys and values in the order of the line. */
type Entries = readonly (readonly [key: string, value: unknown])[];

/** Takes secrets out of rows, before anything is stored or told. */
export interface Redactor {
  /**
   * Redacts the columns of a row in place. Never throws: a value that a rule fails on is replaced whole.
   *
   * @returns the entries of `fields`, redacted; the same array when there was nothing to redact.
   */
  redactRow(columns: object, fields: Entries): Entries;
  /**
   * Whether a text may hold anything to redact. False is certain, so it can be stored as it is; true is a guess that costs
   * a `redactRow`. The text has no escapes: those may hide a secret, or seem to belong to one.
   *
   * 2 to 3 ns for each character of an access line (Node 20, one of two busy cores).
   */
  mayContainSecret(text: string, start: number, end: number): boolean;
  /** Whether `redactRow` would leave a text as it is that stands under a key which no rule names; counts nothing. */
  isClean(value: string, key?: string): boolean;
  /** Whether a rule names this key of `fields`: what stands under it may be replaced, whatever it is. */
  namesKey(key: string): boolean;
  /** What `redactRow` stores for a value of `fields` because of its key alone; undefined when it looks at the value. Counts nothing. */
  coverOf(key: string, value: unknown): Covered | undefined;
  /** Counts a value that was replaced by what {@link coverOf} gave. */
  countCovered(rule: string): void;
  /** How many values each rule has replaced since the last call. */
  takeCounts(): ReadonlyMap<string, number>;
}

/** A value that its key has replaced. */
interface Covered {
  /** By the name of its rule. */
  readonly rule: string;
  readonly replacement: string;
}

/**
 * Compiles redaction rules to closures, once at cold start.
 *
 * @param hashKey key of the HMAC for rules that hash; without it they replace.
 *
 * @throws SyntaxError when a pattern is not a valid regular expression; `loadConfig` refuses those.
 *
 * @example
 * const redactor = compileRedaction({ except: ['card-numbers'], emails: 'hash' }, process.env.REDACT_HASH_KEY);
 * const fields = redactor.redactRow(columns, [['password', 'hunter2']]); // [['password', '[redacted]']]
 */
export function compileRedaction(config: RedactionConfig = {}, hashKey?: string): Redactor {
  const counts = new Counts();
  const coverOf = (name: string, cover: Cover): Cover => {
    return (value) => {
      counts.add(name);
      return cover(value);
    };
  };
  const hash: Cover = (value) =>
    hashKey ? createHmac('sha256', hashKey).update(value).digest('hex').slice(0, 16) : redacted;

  const own = (config.rules ?? []).map((rule) => compileRule(rule, (cover) => coverOf(rule.name, cover), hash));
  const defaults = defaultRules
    .filter(({ name }) => !config.except?.includes(name))
    .map((rule) =>
      compileDefault(
        rule,
        coverOf(rule.name, () => redacted),
      ),
    );
  const personal = personalNames.flatMap((name) => {
    const treatment = config[name] ?? 'keep';
    if (treatment === 'keep') return [];
    const cover = coverOf(name, treatment === 'hash' ? hash : () => redacted);
    return [compileDefault(personalRules[name], cover)];
  });
  return new RuleRedactor([...own, ...defaults, ...personal], counts);
}

const personalNames = ['emails', 'ibans', 'ssns'] as const;

interface CompiledRule {
  readonly name: string;
  readonly hasKey: ((key: string) => boolean) | undefined;
  /** What is stored for the value of such a key. */
  readonly cover: Cover;
  readonly keeps: (key: string, value: unknown) => boolean;
  readonly text: Rewrite;
  /** Undefined when no word announces what the rule looks for. */
  readonly words: readonly Word[] | undefined;
  readonly mayHold: DefaultRule['mayHold'];
}

function compileRule(rule: RedactionRule, counted: (cover: Cover) => Cover, hash: Cover): CompiledRule {
  const replacement = ('replacement' in rule ? rule.replacement : undefined) ?? redacted;
  const hashes = 'hash' in rule;
  const cover = counted(hashes ? hash : () => replacement);
  const { name } = rule;
  if ('key' in rule) {
    return {
      name,
      hasKey: compileKeys(rule.key),
      cover,
      keeps: keepsNone,
      text: compileAssignments(rule.key, cover),
      words: wordsOfKeys(rule.key),
      mayHold: undefined,
    };
  }
  const { source, flags } = compilePattern(rule.pattern);
  const pattern = new RegExp(source, `${flags}g`);
  return {
    name,
    hasKey: undefined,
    cover,
    keeps: keepsNone,
    text: hashes ? (text) => text.replace(pattern, cover) : replaceWith(pattern, replacement, counted),
    words: rule.words?.map((word) => ({ word: word.toLowerCase() })),
    mayHold: undefined,
  };
}

const keepsNone = () => false;

/** `$1` in the replacement is what the first group matched. */
function replaceWith(pattern: RegExp, replacement: string, counted: (cover: Cover) => Cover): Cover {
  const count = counted((whole) => whole);
  return (text) =>
    text.replace(pattern, (...match) => {
      count('');
      return replacement.replace(/\$(\d)/g, (_, group: string) => {
        const value: unknown = match[Number(group)];
        return typeof value === 'string' ? value : '';
      });
    });
}

function compileDefault(
  { name, keys, keeps = keepsNone, text, words, mayHold }: DefaultRule,
  cover: Cover,
): CompiledRule {
  const hasKey = keys.length > 0 ? compileKeys(keys) : undefined;
  return { name, hasKey, cover, keeps, text: text(cover), words, mayHold };
}

class RuleRedactor implements Redactor {
  /** Keys repeat from line to line: which rule covers a key is looked up once. */
  private readonly ruleOfKey = new Map<string, CompiledRule | undefined>();
  private readonly hasWord: (text: string, start: number, end: number) => boolean;
  /** Of each rule, compiled when a text with a candidate first comes. */
  private readonly scanners: WordScanner[] = [];
  private readonly looks: NonNullable<DefaultRule['mayHold']>[];
  /** A rule without words, or one on a column by its name, may concern every line. */
  private readonly concernsAll: boolean;
  private readonly concernsAllText: boolean;
  private readonly namesColumn: boolean;

  constructor(
    private readonly rules: readonly CompiledRule[],
    private readonly counts: Counts,
  ) {
    this.hasWord = compileWordScanner([...rules.flatMap(({ words }) => words ?? []), ...escapedLetters]);
    this.looks = rules.flatMap(({ mayHold }) => mayHold ?? []);
    this.concernsAllText = rules.some(({ words }) => words === undefined);
    this.namesColumn = columnNames.some((name) => this.ruleFor(name));
    this.concernsAll = this.concernsAllText || this.namesColumn;
  }

  redactRow(columns: object, fields: Entries): Entries {
    const row = columns as Record<string, unknown>;
    for (const column in row) {
      const value = row[column];
      if (typeof value !== 'string') continue;
      row[column] = (this.namesColumn ? this.coverValue(value, column) : undefined) ?? this.redactText(value, column);
    }
    return this.redactEntries(fields, '');
  }

  mayContainSecret(text: string, start: number, end: number): boolean {
    return this.concernsAll || this.hasCandidate(text, start, end);
  }

  isClean(value: string, key = ''): boolean {
    return this.counts.without(() => this.redactText(value, key) === value);
  }

  namesKey(key: string): boolean {
    return this.ruleFor(key) !== undefined;
  }

  coverOf(key: string, value: unknown): Covered | undefined {
    const rule = this.ruleFor(key);
    const replacement = rule && this.counts.without(() => this.coverValue(value, key));
    return rule && replacement !== undefined ? { rule: rule.name, replacement } : undefined;
  }

  countCovered(rule: string): void {
    this.counts.add(rule);
  }

  takeCounts(): ReadonlyMap<string, number> {
    return this.counts.take();
  }

  private ruleFor(key: string): CompiledRule | undefined {
    const known = this.ruleOfKey.get(key);
    if (known !== undefined || this.ruleOfKey.has(key)) return known;
    const rule = this.rules.find(({ hasKey }) => hasKey?.(key));
    // Keys that are ids don't repeat, and must not fill the memory.
    if (this.ruleOfKey.size < maxKnownKeys) this.ruleOfKey.set(key, rule);
    return rule;
  }

  /** What is stored instead of the value of such a key; undefined when the key does not decide. */
  private coverValue(value: unknown, key: string): string | undefined {
    if (value === null || typeof value === 'boolean' || value === '') return undefined;
    const rule = this.ruleFor(key);
    if (!rule || rule.keeps(key, value)) return undefined;
    return rule.cover(typeof value === 'string' ? value : JSON.stringify(value));
  }

  /** @param parents the keys that this one is nested in, each with a point behind it. */
  private redactValue(value: unknown, key: string, parents: string): unknown {
    const cover = this.coverValue(value, key);
    if (cover !== undefined) return cover;
    if (typeof value === 'string') return this.redactNested(value, key) ?? this.redactText(value, parents + key);
    if (typeof value === 'number') return this.redactNumber(value, parents + key);
    if (Array.isArray(value)) return this.redactArray(value, key, parents);
    return isObject(value) ? this.redactObject(value, `${parents}${key}.`) : value;
  }

  /** `["authorization", "…"]` is a key with its value, as headers are listed; so is an option of a command with its argument. */
  private redactArray(value: readonly unknown[], key: string, parents: string): readonly unknown[] {
    return mapChanged(value, (item, index) => {
      const name = index === 0 ? undefined : keyBefore(value, index);
      return (name === undefined ? undefined : this.coverValue(item, name)) ?? this.redactValue(item, key, parents);
    });
  }

  private redactObject(object: JsonObject, parents: string): JsonObject {
    const entries = Object.entries(object);
    const clean = this.redactEntries(entries, parents);
    return clean === entries ? object : Object.fromEntries(clean);
  }

  private redactEntries(entries: Entries, parents: string): Entries {
    return mapChanged(entries, (entry) => {
      const [key, item] = entry;
      const isNamed = key.length === 'value'.length && key.toLowerCase() === 'value';
      const value =
        (isNamed ? this.coverValue(item, nameIn(entries)) : undefined) ?? this.redactValue(item, key, parents);
      return value === item ? entry : [key, value];
    });
  }

  /** A string that is a JSON object or array; undefined when it is not, or when nothing in it was redacted. */
  private redactNested(text: string, key: string): string | undefined {
    const first = text[0];
    if ((first !== '{' && first !== '[') || !this.isWorthALook(text)) return undefined;
    const value = first === '{' ? parseObject(text) : parseArray(text);
    if (value === undefined) return undefined;
    const clean = this.redactValue(value, key, '');
    return clean === value ? undefined : JSON.stringify(clean);
  }

  private redactNumber(value: number, key: string): unknown {
    if (value < 1e12 || !Number.isInteger(value)) return value;
    const text = String(value);
    const clean = this.redactText(text, key);
    return clean === text ? value : clean;
  }

  private redactText(text: string, key: string): string {
    if (!this.isWorthALook(text)) return text;
    let clean = text;
    for (let index = 0; index < this.rules.length; index++) {
      const rule = this.rules[index] as CompiledRule;
      if (!this.isAnnounced(rule, index, clean)) continue;
      try {
        clean = rule.text(clean, key);
      } catch {
        // A text on which the expression engine gives up is not known to be clean.
        return rule.cover(text);
      }
    }
    return clean;
  }

  /** Most texts concern one rule: its own words spare it the expressions of the others. */
  private isAnnounced({ words, mayHold }: CompiledRule, index: number, text: string): boolean {
    if (words === undefined || mayHold?.(text, 0, text.length)) return true;
    const scanner = this.scanners[index] ?? compileWordScanner(words);
    this.scanners[index] = scanner;
    return scanner(text, 0, text.length);
  }

  private isWorthALook(text: string): boolean {
    return this.concernsAllText || this.hasCandidate(text, 0, text.length);
  }

  private hasCandidate(text: string, start: number, end: number): boolean {
    if (this.hasWord(text, start, end)) return true;
    for (const look of this.looks) if (look(text, start, end)) return true;
    return false;
  }
}

const columnNames = Object.values(tables).flatMap((columns) => Object.keys(columns));
const maxKnownKeys = 10_000;

/** What the text before an item of a list says that the item is; undefined when the two are only neighbours. */
function keyBefore(items: readonly unknown[], index: number): string | undefined {
  const [name, item] = [items[index - 1], items[index]];
  if (typeof name !== 'string' || typeof item !== 'string') return undefined;
  const option = optionName.exec(name)?.[1];
  if (option !== undefined) return item.startsWith('-') ? undefined : option;
  return items.length === 2 && headerName.test(name) && !isName.test(item) ? name : undefined;
}

const optionName = /^--?([A-Za-z][\w-]{0,60})$/;
const headerName = /^:?[A-Za-z][\w.-]{0,60}$/;
/** A plain word: two of them are a list rather than a key with its value. */
const isName = /^(?:[a-z][a-z_.-]*|[A-Z][a-z]+(?:-[A-Z][a-z]+)*)$/;

/** The name of a header that is kept as `{ "name": …, "value": … }`; '' when there is none. */
function nameIn(entries: Entries): string {
  const value = entries.find(([key]) => /^(?:name|key|header|field)$/i.test(key))?.[1];
  return typeof value === 'string' ? value : '';
}

/** The same array when no item changed. */
function mapChanged<T>(items: readonly T[], change: (item: T, index: number) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as T;
    const clean = change(item, index);
    if (clean === item) continue;
    changed ??= items.slice();
    changed[index] = clean;
  }
  return changed ?? items;
}

function parseArray(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * `\u0070assword`, and nginx's `\x70assword` (whose backslash is escaped in its turn): words that no scan of the raw
 * text finds are announced by their escapes.
 */
const escapedLetters: readonly Word[] = [
  { word: '\\u0', confirm: (text, after) => text[after] === '0' && isLetterCode(text[after + 1]) },
  { word: '\\\\x', confirm: (text, after) => isLetterCode(text[after]) },
];

/** Of a code such as `70`: up to 0x7f, where ASCII ends. */
function isLetterCode(high = ''): boolean {
  return high >= '2' && high <= '7';
}
