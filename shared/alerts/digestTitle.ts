import { counted } from '../text/wording.js';
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

/** The rules that a digest has something to say about: not those whose alerts are all over. */
export function listedRules({ rules }: Digest): Digest['rules'] {
  return rules.filter(({ alerts, lines }) => alerts > 0 || lines > 0);
}
