import type { Late } from '../signals/late.js';
import type { Span } from '../signals/tally.js';
import { counted, spanText } from '../text/wording.js';

/** That lines came late, and how late: `late: these 412 lines arrived 31m behind`; undefined when none did. */
export function lateText({
  count,
  late,
}: Pick<Span, 'count'> & { readonly late?: Late | undefined }): string | undefined {
  if (!late) return undefined;
  const behind = spanText(late.behind);
  if (late.count >= count) {
    return count === 1
      ? `late: this line arrived ${behind} behind`
      : `late: these ${counted(count, 'line')} arrived ${behind} behind`;
  }
  return `late: ${late.count.toLocaleString('en')} of these ${counted(count, 'line')} arrived up to ${behind} behind`;
}
