import type { Condition, RuleType } from '../../shared/conditions/index.js';
import type { LogBins } from '../../shared/conditions/logBins.js';
import type { NumberRange } from '../../shared/conditions/numberRanges.js';
import type { Peer } from '../../shared/conditions/peers.js';
import type { SeenValue } from '../../shared/conditions/seenValues.js';
import type { Ends } from '../../shared/conditions/sequenceEnds.js';
import type { Start } from '../../shared/conditions/sequenceSignal.js';
import type { Sketch } from '../../shared/conditions/sketch.js';
import type { TimedValue } from '../../shared/conditions/timedValues.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { Signal } from '../../shared/signals/signal.js';

export const MINUTE = 60_000;

/** A whole minute: 2026-11-22 16:03:00 UTC. */
export const T0 = Date.UTC(2026, 10, 22, 16, 3);

/** A live rule of type match on every row of the tables error and app, or whatever the test changes it to. */
export function aRule(changes: RuleChanges = {}): Rule {
  const { type = 'match', ...others } = changes;
  return {
    name: 'a-rule',
    on: ['error', 'app'],
    where: { ts: { exists: true } },
    by: ['service'],
    severity: 'warning',
    title: 'Something is wrong in {service}',
    cooldown: 15 * MINUTE,
    maxCooldown: changes.cooldown ?? 15 * MINUTE,
    unlessFiring: [],
    mute: [],
    mode: 'live',
    lateness: 2 * MINUTE,
    ...conditions[type],
    ...others,
  } as Rule;
}

type Conditions = { readonly [T in RuleType]: Extract<Condition, { type: T }> };

/** Settings of any rule, and those of one type. */
export type RuleChanges = Partial<Rule> | { [T in RuleType]: Partial<Extract<Rule, { type: T }>> }[RuleType];

const conditions: Conditions = {
  match: { type: 'match' },
  frequency: { type: 'frequency', threshold: 5, window: MINUTE },
  spike: { type: 'spike', window: 10 * MINUTE, factor: 3, minCount: 10, minPrevious: 1 },
  drop: { type: 'drop', window: 10 * MINUTE, below: 0.5, minPrevious: 100, forget: 24 * 60 * MINUTE },
  growth: { type: 'growth', window: 60 * MINUTE, steps: 3, factor: 1.5, minCount: 100, minPrevious: 10 },
  ratio: { type: 'ratio', of: { level: 'error' }, window: 5 * MINUTE, minTotal: 100 },
  'burn-rate': {
    type: 'burn-rate',
    of: { status: { gte: 500 } },
    objective: 0.999,
    windows: [
      { long: 60 * MINUTE, short: 5 * MINUTE, factor: 14.4 },
      { long: 360 * MINUTE, short: 30 * MINUTE, factor: 6 },
    ],
    minCount: 10,
    step: MINUTE,
  },
  new: { type: 'new', remember: 30 * 24 * 60 * MINUTE, learn: 0, burst: 5 },
  cardinality: { type: 'cardinality', of: 'request_id', window: 5 * MINUTE, above: 3 },
  absence: { type: 'absence', window: 10 * MINUTE, expect: [], minCount: 1, forget: 24 * 60 * MINUTE },
  fewer: { type: 'fewer', of: 'task', window: 10 * MINUTE, above: 0.4, forget: 60 * MINUTE },
  change: { type: 'change', of: 'fields.version' },
  gap: { type: 'gap', of: 'fields.number', grace: 60 * MINUTE },
  sequence: { type: 'sequence', of: 'fields.order', ends: { message: 'done' }, window: 10 * MINUTE, step: MINUTE },
  quantile: { type: 'quantile', of: 'duration_ms', quantile: 0.95, above: 800, minCount: 100, window: 5 * MINUTE },
  sum: { type: 'sum', of: 'bytes', above: 1000, window: 5 * MINUTE },
  outlier: { type: 'outlier', peers: 'task', factor: 3, above: 0.1, minTotal: 100, minPeers: 2, window: 5 * MINUTE },
};

/** A signal with what the types of rules add to it. */
export interface SummedSignal extends Signal {
  readonly total?: number;
  readonly distinct?: Sketch;
  readonly values?: readonly TimedValue[];
  readonly numbers?: readonly NumberRange[];
  readonly doubled?: number;
  readonly amount?: number;
  readonly seen?: readonly SeenValue[];
  readonly starts?: readonly Start[];
  readonly ends?: Ends;
  readonly peers?: readonly Peer[];
  readonly spread?: { readonly total: number; readonly bins: LogBins };
}

export function aSignal(changes: Partial<SummedSignal>): SummedSignal {
  return {
    rule: 'a-rule',
    key: 'pay',
    labels: { service: 'pay' },
    bucket: T0,
    count: 1,
    first: T0 + 1000,
    last: T0 + 2000,
    samples: [{ ts: T0 + 1000, service: 'pay', level: 'error', message: 'card declined' }],
    ...changes,
  };
}
