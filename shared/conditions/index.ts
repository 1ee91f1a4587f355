import { absence } from './absence.js';
import { burnRate } from './burnRate.js';
import { cardinality } from './cardinality.js';
import { change } from './change.js';
import type { ConditionType } from './conditionType.js';
import { drop } from './drop.js';
import { fewer } from './fewer.js';
import { frequency } from './frequency.js';
import { gap } from './gap.js';
import { growth } from './growth.js';
import { match } from './match.js';
import { newKey } from './new.js';
import { outlier } from './outlier.js';
import { quantile } from './quantile.js';
import { ratio } from './ratio.js';
import { sequence } from './sequence.js';
import { spike } from './spike.js';
import { sum } from './sum.js';

/** The types of rules, each under its name in rule files. */
const types = {
  match,
  frequency,
  spike,
  drop,
  growth,
  ratio,
  'burn-rate': burnRate,
  new: newKey,
  cardinality,
  absence,
  fewer,
  change,
  gap,
  sequence,
  quantile,
  outlier,
  sum,
};

export type RuleType = keyof typeof types;
export const ruleTypes = Object.keys(types) as readonly RuleType[];

/** That of a rule which names none. */
export const defaultType = 'match' satisfies RuleType;

/** What has to be seen before people are told: the settings of one type. */
export type Condition = OfEachType<'settings'>;
/** What a rule file states of it. */
export type StatedCondition = OfEachType<'stated'> | { readonly type?: typeof defaultType };
/** What is remembered of one rule and key. */
export type Memory = OfEachType<'memory'>;
/** What a message tells beside the number of lines. Times are ms since the epoch; windows are in the rule. */
export type Measured = OfEachType<'measured'>;

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
 * the type that it names: what a type makes gets its name in {@link named}, and whoever has two of them compares their
 * names before (condition.ts).
 */
export function typeOf({ type = defaultType }: { readonly type?: RuleType }): AnyType {
  return types[type] as AnyType;
}

/** All of them, in the order above. */
export const allTypes: readonly AnyType[] = ruleTypes.map((type) => typeOf({ type }));

type AnyType = ConditionType<object, object, object, object>;

/** Names the type that made settings, a memory or a measure. */
export function named<Named extends { readonly type: RuleType }>(type: RuleType, made: object): Named {
  return { type, ...made } as Named;
}
