import { typeOf } from '../../conditions/index.js';
import { dynamodb } from '../../limits.js';
import { bytesText } from '../../text/wording.js';
import type { PlacedProblem } from '../../yaml/source.js';
import type { Rule } from './rule.js';
import type { StatedRule } from './statedRule.js';

/**
 * What a rule's condition may remember of one key, bytes of JSON. A key is one item: the other half is for labels, samples, lines
 * held back and a message under way, all of whose characters may be escapes of 6 bytes (shared/alerts/state/alertState.ts).
 */
export const maxMemoryBytes = dynamodb.maxItemBytes / 2;

/** A rule whose keys could outgrow what is stored of one: nothing more would be counted for such a key. */
export function badMemorySize({ lateness }: StatedRule, rule: Rule): PlacedProblem[] {
  const bytes = typeOf(rule).memoryBytes(rule);
  if (bytes <= maxMemoryBytes) return [];
  const remedy = rule.lateness > 0 ? 'make "lateness" shorter, or the window longer' : 'make the window longer';
  const message = `the rule might have to remember ${bytesText(bytes)} of one key, and there is room for ${bytesText(maxMemoryBytes)}; ${remedy}`;
  return [{ path: lateness === undefined ? [] : ['lateness'], message }];
}
