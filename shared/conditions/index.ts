import type { Signal } from '../signals/signal.js';
import type { Group } from '../text/groupBy.js';
import { absence } from './absence.js';
import { cardinality } from './cardinality.js';
import { change } from './change.js';
import type { ConditionType, Example, Labels } from './conditionType.js';
import { frequency } from './frequency.js';
import { match } from './match.js';
import { newKey } from './new.js';
import type { Firing, Observation } from './observation.js';
import { ratio } from './ratio.js';
import type { RuleSettings } from './ruleSettings.js';
import { spike } from './spike.js';

/** The types of rules, each under its name in rule files. */
const types = { match, frequency, spike, ratio, new: newKey, cardinality, absence, change };

export type RuleType = keyof typeof types;
export const ruleTypes = Object.keys(types) as readonly RuleType[];

/** That of a rule which names none. */
const defaultType = 'match' satisfies RuleType;

/** What has to be seen before people are told: the settings of one type. */
export type Condition = OfEachType<'settings'>;
/** What a rule file states of it. */
export type StatedCondition = OfEachType<'stated'> | { readonly type?: typeof defaultType };
/** What is remembered of one rule and key. */
export type Memory = OfEachType<'memory'>;
/** What a message tells beside the number of lines. Times are ms since the epoch; windows are in the rule. */
export type Measured = OfEachType<'measured'>;

type Rule = RuleSettings & Condition;

/** The condition that a rule file states, with its defaults filled in. */
export function toCondition(stated: StatedCondition): Condition {
  return named<Condition>(stated.type ?? defaultType, typeOf(stated).settings(stated));
}

/**
 * Counts the signals of one rule and key, and says whether the rule's condition holds for them.
 *
 * @param memory what the condition remembered; none, or that of another type when the rule was changed since.
 * @param now ms since the epoch: no line counts as later.
 */
export function observe(
  rule: Rule,
  memory: Memory | undefined,
  signals: Readonly<Group<Signal>>,
  now: number,
): Observation<Memory, Measured> {
  const { type } = rule;
  const own = memory?.type === type ? memory : undefined;
  const seen = typeOf(rule).observe(rule, own, signals, now);
  switch (seen.outcome) {
    case 'ignored':
      return seen;
    case 'noted':
      return { outcome: 'noted', memory: named<Memory>(type, seen.memory) };
    case 'counted': {
      const counted = { outcome: 'counted', memory: named<Memory>(type, seen.memory) } as const;
      return seen.firing ? { ...counted, firing: namedFiring(type, seen.firing) } : counted;
    }
  }
}

/** How a rule stands to a key that it misses when no lines come. Times are ms since the epoch. */
export interface Watch {
  readonly missedFrom: number;
  readonly forgottenFrom: number;
  /** When lines came back after the key was missed, if they did. */
  readonly backAt: number | undefined;
  miss(now: number): { readonly memory: Memory; readonly firing: Firing<Measured> };
  forget(now: number): Memory;
}

/** Undefined when the rule misses nobody, or the memory is that of another type, which the rule was before. */
export function watchOf(rule: Rule, memory: Memory, labels: Labels): Watch | undefined {
  const { type } = rule;
  const { missing } = typeOf(rule);
  if (!missing || memory.type !== type) return undefined;
  return {
    missedFrom: missing.missedFrom(rule, memory, labels),
    forgottenFrom: missing.forgottenFrom(rule, memory, labels),
    backAt: missing.backAt(memory),
    miss(now) {
      const missed = missing.miss(memory, labels, now);
      return { memory: named<Memory>(type, missed.memory), firing: namedFiring(type, missed.firing) };
    },
    forget: (now) => named<Memory>(type, missing.forgotten(now)),
  };
}

/** What is remembered of a key that the rule expects, before its first line. */
export function expectedFrom(rule: Rule, now: number): Memory | undefined {
  const memory = typeOf(rule).missing?.expectedFrom(now);
  return memory && named<Memory>(rule.type, memory);
}

/** Event time of a key's newest line, where what is remembered is by which it is missed. */
export function lastSeenBy(memory: Memory): number | undefined {
  return typeOf(memory).missing?.lastSeen(memory);
}

/** What was measured, in words; undefined, too, when the rule was changed to another type since. */
export function wordsOf(
  rule: Rule,
  measured: Measured,
  until: number,
  show: (value: string) => string,
): string | undefined {
  return measured.type === rule.type ? typeOf(rule).words(measured, rule, until, show) : undefined;
}

/** What the rule could measure when its condition just holds. */
export function exampleOf(rule: Rule, now: number): Example<Measured> {
  const { measured, lines } = typeOf(rule).example(rule, now);
  return { measured: named<Measured>(rule.type, measured), lines };
}

/** The keys of all types that are durations. */
export const statedDurations: readonly string[] = all().flatMap(({ durations }) => Object.keys(durations ?? {}));

/** By key: what to write where a value does not have its pattern. */
export const statedPatternAdvice: ReadonlyMap<string, string> = new Map(
  all().flatMap(({ patternAdvice }) => Object.entries(patternAdvice ?? {})),
);

/** What two signals of one rule carry beside the number of their lines, added up; the earlier one comes first. */
export function joinSums(a: Signal, b: Signal): object {
  return Object.assign({}, ...sums.map(({ join }) => join(a, b)));
}

/** The lines that a signal is about: those that it counts, or more where its type says so. */
export function linesIn(signal: Signal): number {
  return lineCounts.reduce((most, lines) => Math.max(most, lines(signal)), signal.count);
}

/** A signal without what says nothing of several keys, for which it will be one of. */
export function withoutKey(signal: Signal): Signal {
  return sums.reduce((rest, sum) => sum.withoutKey?.(rest) ?? rest, signal);
}

const sums = all().flatMap(({ sum }) => sum ?? []);
const lineCounts = sums.flatMap(({ lines }) => lines ?? []);

function all(): AnyType[] {
  return ruleTypes.map((type) => typeOf({ type }));
}

function namedFiring(type: RuleType, { tally, measured }: Firing<object>): Firing<Measured> {
  return { tally, measured: named<Measured>(type, measured) };
}

type OfEachType<Part extends 'stated' | 'settings' | 'memory' | 'measured'> = {
  [Name in RuleType]: { readonly type: Name } & Parts<Name>[Part & keyof Parts<Name>];
}[RuleType];

type Parts<Name extends RuleType> =
  (typeof types)[Name] extends ConditionType<infer Stated, infer Settings, infer Memory, infer Measured>
    ? { readonly stated: Stated; readonly settings: Settings; readonly memory: Memory; readonly measured: Measured }
    : never;

/**
 * The type that a rule, what it remembers or what it measured is of, as one that takes those of any type.
 *
 * Here alone the types' own settings, memories and measures are mixed up. That is sound as long as each is handed to
 * the type that it names: what a type makes gets its name in {@link named}, and whoever has two of them
 * compares their names before.
 */
export function typeOf({ type = defaultType }: { readonly type?: RuleType }): AnyType {
  return types[type] as AnyType;
}

type AnyType = ConditionType<object, object, object, object>;

function named<Named extends { readonly type: RuleType }>(type: RuleType, made: object): Named {
  return { type, ...made } as Named;
}
