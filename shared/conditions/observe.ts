import type { Memory, MemoryOf, WindowMemory } from '../alerts/state/alertState.js';
import type { Rule } from '../rules/language/rule.js';
import type { Signal } from '../signals/signal.js';
import { tallyOf } from '../signals/tally.js';
import type { Group } from '../text/groupBy.js';
import { observeAbsence } from './absence.js';
import { measureDistinct } from './cardinality.js';
import { observeChange } from './change.js';
import { observeNew } from './newKey.js';
import type { Observation } from './observation.js';
import { measureFrequency, measureRatio, measureSpike } from './sums.js';
import { observeWindow } from './window.js';

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
): Observation {
  switch (rule.type) {
    case 'match':
      return {
        outcome: 'counted',
        memory: { type: 'match' },
        firing: { tally: tallyOf(signals), measured: { type: 'match' } },
      };
    case 'frequency':
      return typed(rule.type, observeWindow(rule, own(memory, rule.type), signals, now, measureFrequency(rule)));
    case 'spike':
      return typed(rule.type, observeWindow(rule, own(memory, rule.type), signals, now, measureSpike(rule)));
    case 'ratio':
      return typed(rule.type, observeWindow(rule, own(memory, rule.type), signals, now, measureRatio(rule)));
    case 'cardinality':
      return typed(rule.type, observeWindow(rule, own(memory, rule.type), signals, now, measureDistinct(rule)));
    case 'new':
      return observeNew(rule, own(memory, rule.type), signals, now);
    case 'absence':
      return observeAbsence(rule, own(memory, rule.type), signals, now);
    case 'change':
      return observeChange(own(memory, rule.type), signals, now);
  }
}

function typed<T extends WindowedType>(type: T, observation: Observation<WindowMemory>): Observation {
  if (observation.outcome === 'ignored') return observation;
  return { ...observation, memory: { type, ...observation.memory } };
}

type WindowedType = Extract<Memory, WindowMemory>['type'];

function own<T extends Memory['type']>(memory: Memory | undefined, type: T): MemoryOf<T> | undefined {
  return memory?.type === type ? (memory as MemoryOf<T>) : undefined;
}
