import type { Alert } from '../alerts/ports.js';
import { wordsOf } from '../conditions/condition.js';
import { escapeLine } from './escape.js';

/** What a value or a column's name may take of a sentence. */
const maxValue = 200;

/**
 * What the rule's condition measured, in words, escaped; undefined where the number of lines says it all: for a match,
 * and when the rule was changed to another type since.
 */
export function measuredText({ settings, notice: { measured, last } }: Alert): string | undefined {
  return wordsOf(settings, measured, last, (value) => escapeLine(value, maxValue));
}
