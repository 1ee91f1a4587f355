import type { Bucket } from '../alerts/state/alertState.js';
import type { Rule } from '../rules/language/rule.js';
import type { Measure } from './window.js';

type RuleOf<T extends Rule['type']> = Extract<Rule, { type: T }>;

export function measureFrequency({ threshold }: RuleOf<'frequency'>): Measure {
  return ({ current }) => {
    const count = linesOf(current);
    return count >= threshold ? { type: 'frequency', count } : undefined;
  };
}

/** Against the window before, which is as long; where that one had next to nothing, any traffic would be many times as much. */
export function measureSpike({ factor, minCount, minPrevious }: RuleOf<'spike'>): Measure {
  return (window) => {
    const [current, previous] = [linesOf(window.current), linesOf(window.previous)];
    const isSpike = current >= minCount && current >= factor * Math.max(previous, minPrevious);
    return isSpike ? { type: 'spike', current, previous } : undefined;
  };
}

/** A small total says nothing of a share: one of two lines would be 50 %. */
export function measureRatio({ above, below, minTotal }: RuleOf<'ratio'>): Measure {
  return ({ current }) => {
    const [matched, total] = [linesOf(current), totalOf(current)];
    if (total === 0 || total < minTotal) return undefined;
    const share = matched / total;
    const isOut = (above !== undefined && share > above) || (below !== undefined && share < below);
    return isOut ? { type: 'ratio', matched, total } : undefined;
  };
}

function linesOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count }) => sum + count, 0);
}

function totalOf(buckets: readonly Bucket[]): number {
  return buckets.reduce((sum, { count, total = count }) => sum + total, 0);
}
