import { backWordsOf } from '../conditions/condition.js';
import { formatDuration } from '../text/statedDuration.js';
import { spanText, utcText } from '../text/wording.js';
import type { Alert } from './ports.js';

/** How a notice that is not about something that fires begins. */
export function endingWord({ ending }: Alert['notice']): 'Over' | 'Silent' | 'Given up' {
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
  switch (ending?.as) {
    case 'silent':
      return `nothing at all was logged since ${utcText(ending.since)}, so that nobody knows whether it is over`;
    case 'given up':
      return `nothing came since ${utcText(ending.since)}; it is not missed any more until it logs again`;
    case undefined: {
      const back = backWordsOf(measured, last);
      if (back !== undefined) return back;
      const quiet = settings.resolveAfter === undefined ? '' : `quiet for ${formatDuration(settings.resolveAfter)}`;
      const lasted = last > first ? `it lasted ${spanText(last - first)}` : '';
      return [quiet, lasted].filter(Boolean).join(', ') || 'quiet again';
    }
  }
}
