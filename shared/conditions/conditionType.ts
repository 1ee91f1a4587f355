import type { Signal } from '../signals/signal.js';
import type { Span } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import type { Where } from '../where/clause.js';
import type { PlacedProblem } from '../yaml/source.js';
import type { Firing, Observation } from './observation.js';
import type { RuleSettings } from './ruleSettings.js';

/**
 * All that tells one type of rule from the others, in the order of a rule's life. Each type is one file of this folder, and
 * shared/conditions/index.ts lists them.
 *
 * @template Stated its keys in a rule file, beside those of every rule
 * @template Settings the same with defaults filled in; durations are milliseconds
 * @template Memory what is remembered of a key from batch to batch, as JSON
 * @template Measured what a message tells beside the number of lines, as JSON
 */
export interface ConditionType<Stated, Settings, Memory, Measured> {
  /** Its keys that are durations, each with the shortest and the longest that is allowed. */
  readonly durations?: DurationBounds;
  /** By key: what to write where a value does not have the pattern of infra/rules.schema.json. */
  readonly patternAdvice?: Readonly<Record<string, string>>;
  /** Fills in the defaults of what a rule file states. Its shape has been checked. */
  readonly settings: (stated: Stated) => Settings;
  /** Mistakes that a JSON Schema can't find, by their way through the rule. */
  readonly problems?: (stated: Stated, rule: RuleSettings & Settings) => PlacedProblem[];

  /** Lines that it looks at beside those that `where` fits. */
  readonly also?: (settings: Settings) => Where;
  /** What its key `of` means. */
  readonly of?: (settings: Settings) => Of;
  /** What its signals carry beside the number of their lines. */
  readonly sum?: Sum<object, Settings>;

  /**
   * Counts the signals of one key, and says whether the condition holds.
   *
   * @param memory what it remembers of the key, if anything.
   * @param now ms since the epoch: no line counts as later.
   */
  readonly observe: (
    rule: RuleSettings & Settings,
    memory: Memory | undefined,
    signals: Readonly<Group<Signal>>,
    now: number,
  ) => Observation<Memory, Measured>;
  /** For how long the memory of a key is needed after its last line, in milliseconds. */
  readonly remembered: (rule: RuleSettings & Settings) => number;
  /** The most bytes that the memory of a key takes as JSON, whatever is logged: a rule that could outgrow its item is refused. */
  readonly memoryBytes: (rule: RuleSettings & Settings) => number;
  /** How many batches a key remembers to have counted, where so many as those of other types would be most of what is stored. */
  readonly rememberedBatches?: number;
  /** How much event time before a line it looks at, in milliseconds; none when absent. */
  readonly lookBack?: (settings: Settings) => number;
  /** A key that turns up while nobody may be told of it is not remembered until people were told. */
  readonly knownOnceTold?: true;
  /** Of a type that fires because no lines come. All others fire because of lines. */
  readonly missing?: Missing<Settings, Memory, Measured>;

  /**
   * What was measured, in words; undefined where the number of lines says it all.
   *
   * @param until up to when it was measured, ms since the epoch.
   * @param show makes a column's name or a value ready to be shown.
   */
  readonly words: (
    measured: Measured,
    rule: RuleSettings & Settings,
    until: number,
    show: (value: string) => string,
  ) => string | undefined;
  /** Columns whose values the measure names, so that titles can have them as they have those of `by`. */
  readonly names?: {
    readonly columns: (settings: Settings) => readonly string[];
    readonly values: (measured: Measured, settings: Settings) => Labels;
  };
  /** Of a type that misses lines: whether signals carry the newest line, so that messages show the last one before silence. */
  readonly lastLine?: (settings: Settings) => boolean;
  /** Looks at windows that follow one another, so that messages show what is usual. */
  readonly trend?: true;
  /** The share of 1 that was measured, of a type that measures one. */
  readonly share?: (measured: Measured) => number;
  /**
   * What the lines that a message is about match beside `where`; nothing more when undefined.
   *
   * @param measured undefined for several messages.
   */
  readonly alsoMatches?: (settings: Settings, measured?: Measured) => Where | undefined;
  /** What it could measure, and of how many lines, such that the condition just holds. */
  readonly example: (settings: Settings, now: number) => Example<Measured>;
}

/** The shortest and the longest of each key, as a rule file states them. */
export type DurationBounds = Readonly<Record<string, readonly [shortest: string, longest: string]>>;

/** What the key `of` names: a part of the lines, or the column (or `fields.<path>`) whose values are looked at. */
interface Of {
  /** Lines outside the part are in no signal's `count`. */
  readonly part?: Where;
  /** The key that has the part, where that is not `of`. */
  readonly partKey?: string;
  readonly column?: string;
  /** The key that names the column, where that is not `of`. */
  readonly columnKey?: string;
}

/** What signals of a type carry beside the number of their lines: one or more fields of their own. */
export interface Sum<Fields extends object, Settings = object> {
  /** Begins a signal. */
  open(settings: Settings): OpenSum<Fields>;
  /** Adds up two signals, or a signal and a bucket of a window; the earlier one comes first where that matters. */
  readonly join: (a: Span & Fields, b: Span & Fields) => Fields;
  /** The lines that a signal is about; `count` when absent. */
  readonly lines?: (signal: Signal & Fields) => number;
  /** The signal when its key is folded into one with others; the same signal when absent. */
  readonly withoutKey?: (signal: Signal & Fields) => Signal;
}

/** The sum of one signal while lines are added to it. */
export interface OpenSum<Fields extends object> {
  /**
   * Adds lines that are the same to the rule: those that match `where`, in the part or not.
   *
   * @param value of the column that the rule looks at; undefined when they have none.
   * @param first event time of the first and the last line
   * @param isPart whether they are in the part
   */
  add(count: number, value: string | undefined, first: number, last: number, isPart: boolean): void;
  fields(): Fields;
}

/** How a type misses lines that don't come. Times are ms since the epoch, on the clock. */
interface Missing<Settings, Memory, Measured> {
  /** What is missed belongs to lines that came, which `where` fits. */
  readonly hasLines?: true;
  /** The keys that are missed even if they were never seen, by their labels. */
  readonly expected: (settings: Settings) => readonly Labels[];
  /** What is remembered of such a key before its first line, when it is expected from now on. */
  readonly expectedFrom: (now: number) => Memory;
  /**
   * When a key is missed unless a line comes; infinite for one that nobody would miss.
   *
   * @param from not before this time: when people may be told again of a key that is still missed.
   */
  readonly missedFrom: (rule: RuleSettings & Settings, memory: Memory, labels: Labels, from?: number) => number;
  /** What is remembered and what there is to tell once a key is missed. */
  readonly miss: (
    rule: RuleSettings & Settings,
    memory: Memory,
    labels: Labels,
    now: number,
  ) => { memory: Memory; firing: Firing<Measured> };
  /** Whether what people were told of is still missed, where telling it sets `missedFrom` to what they were not told of. */
  readonly isStillMissed?: (rule: RuleSettings & Settings, memory: Memory, now: number) => boolean;
  /** When lines came back after the key was missed, if they did. */
  readonly backAt: (memory: Memory) => number | undefined;
  /** Event time of the newest line; undefined when there was none. */
  readonly lastSeen: (memory: Memory) => number | undefined;
  /** When a key is given up; infinite for one that never is. */
  readonly forgottenFrom: (rule: RuleSettings & Settings, memory: Memory, labels: Labels) => number;
  /** What is remembered of a key that was given up. */
  readonly forgotten: (now: number) => Memory;
  /** That lines came back, in words. @param at event time of the first of them */
  readonly backWords: (measured: Measured, at: number) => string;
}

/** The values of the columns of `by`. */
export type Labels = Readonly<Record<string, string>>;

export interface Example<Measured> {
  readonly measured: Measured;
  readonly lines: number;
}
