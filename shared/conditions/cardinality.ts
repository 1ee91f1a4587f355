import type { Rule } from '../rules/language/rule.js';
import { estimate, merge, type Sketch } from '../signals/sketch.js';
import type { Measure } from './window.js';

/** The different values of a whole window: one that is in several buckets counts once. */
export function measureDistinct({ above }: Extract<Rule, { type: 'cardinality' }>): Measure {
  return ({ current }) => {
    const values = current.reduce<Sketch>((sketch, { distinct = [] }) => merge(sketch, distinct), []);
    const { distinct, exact } = estimate(values);
    return distinct > above ? { type: 'cardinality', distinct, exact } : undefined;
  };
}
