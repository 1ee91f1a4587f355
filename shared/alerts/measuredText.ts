import { wordsOf } from '../conditions/condition.js';
import type { Alert } from './ports.js';

/**
 * What the rule's condition measured, in words; undefined where the number of lines says it all: for a match, and when
 * the rule was changed to another type since.
 *
 * @param show writes a value of a log line, or a column's name, as the destination of the text needs it.
 */
export function measuredText(
  { settings, notice: { measured, last } }: Alert,
  show: (text: string) => string = (text) => text,
): string | undefined {
  return wordsOf(settings, measured, last, show);
}
