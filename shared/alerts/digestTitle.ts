import { counted } from '../text/wording.js';
import type { Digest } from './ports.js';

/** The headline of a digest: plain text. */
export function digestTitle(digest: Digest): string {
  const { alerts, lines, resolved } = digest;
  if (alerts === 0 && resolved !== undefined) return overText(resolved);
  const counts = [counted(alerts, 'alert'), counted(listedRules(digest).length, 'rule')];
  return [...counts, ...(lines === 0 ? [] : [counted(lines, 'line')])].join(', ');
}

/** `3 alerts are over`. */
export function overText(resolved: number): string {
  return resolved === 1 ? '1 alert is over' : `${counted(resolved, 'alert')} are over`;
}

/** The rules that a digest has something to say about: not those whose alerts are all over. */
export function listedRules({ rules }: Digest): Digest['rules'] {
  return rules.filter(({ alerts, lines }) => alerts > 0 || lines > 0);
}
