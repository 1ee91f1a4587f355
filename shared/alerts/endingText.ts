import { backWordsOf } from '../conditions/condition.js';
import { formatDuration } from '../text/statedDuration.js';
import { spanText, utcText } from '../text/wording.js';
import type { Alert } from './ports.js';
import type { Ending } from './state/alertState.js';

export type EndingWord = 'Over' | 'Silent' | 'Given up';

/** How a notice that is not about something that fires begins. */
export function endingWord({ ending }: { readonly ending?: Ending }): EndingWord {
  switch (ending?.as) {
    case undefined:
      return 'Over';
    case 'silent':
      return 'Silent';
    case 'given up':
      return 'Given up';
  }
}

/** Why it is over, or why nobody knows. */
export function endingText({ settings, notice }: Alert): string {
  const { ending, first, last, measured } = notice;
  if (ending) return unknownText(ending);
  const back = backWordsOf(measured, last);
  if (back !== undefined) return back;
  const quiet = settings.resolveAfter === undefined ? '' : `quiet for ${formatDuration(settings.resolveAfter)}`;
  const lasted = last > first ? `it lasted ${spanText(last - first)}` : '';
  return [quiet, lasted].filter(Boolean).join(', ') || 'quiet again';
}

/** Why nobody knows whether it is over. */
export function unknownText({ as, since }: Ending): string {
  switch (as) {
    case 'silent':
      return `nothing at all was logged since ${utcText(since)}, so that nobody knows whether it is over`;
    case 'given up':
      return `nothing came since ${utcText(since)}; it is not missed any more until it logs again`;
  }
}
