import { counted } from '../text/wording.js';
import { type EndingWord, endingWord } from './endingText.js';
import type { Digest } from './ports.js';

/** The headline of a digest: plain text. */
export function digestTitle(digest: Digest): string {
  const { alerts, lines } = digest;
  const over = overText(digest);
  if (alerts === 0 && over !== undefined) return over;
  const counts = [counted(alerts, 'alert'), counted(listedRules(digest).length, 'rule')];
  return [...counts, ...(lines === 0 ? [] : [counted(lines, 'line')])].join(', ');
}

/** `3 alerts are over, 1 alert fell silent`; undefined when all fire. */
export function overText({ resolved, silent }: Digest): string | undefined {
  const over = resolved && (resolved === 1 ? '1 alert is over' : `${counted(resolved, 'alert')} are over`);
  const quiet = silent && `${counted(silent, 'alert')} fell silent`;
  return [over, quiet].filter(Boolean).join(', ') || undefined;
}

/** How a message begins in which nothing fires: that nobody knows what became of one outweighs that others are over. */
export function digestEnding({ silent = 0, members = [] }: Digest): EndingWord {
  if (silent === 0) return 'Over';
  const words = new Set(members.filter(({ ending }) => ending).map(endingWord));
  return words.size === 1 && words.has('Given up') ? 'Given up' : 'Silent';
}

/** The rules that a digest has something to say about: not those whose alerts are all over. */
export function listedRules({ rules }: Digest): Digest['rules'] {
  return rules.filter(({ alerts, lines }) => alerts > 0 || lines > 0);
}
