import { counted } from '../../text/wording.js';
import { overText } from '../digestTitle.js';
import { endingWord } from '../endingText.js';
import type { Digest, DigestGroup, GroupMember } from '../ports.js';

/** The message of a group. */
export type GroupDigest = Digest & { readonly group: DigestGroup };

export function isOfGroup(digest: Digest): digest is GroupDigest {
  return digest.group !== undefined;
}

/** The headline of a group's message: plain text. */
export function groupTitle(digest: GroupDigest): string {
  const { alerts, resolved = 0, silent = 0, group, members = [] } = digest;
  const [first] = members;
  if (alerts === 0) {
    if (resolved + silent === 1 && first) return `${endingWord(first)}: ${first.title}`;
    if (silent > 0) return overText(digest) ?? '';
    return group.firing === 0 ? `All over: ${counted(resolved, 'alert')}` : `${counted(resolved, 'alert')} over`;
  }
  const title = first?.title ?? '';
  if (alerts === 1) return title;
  return `${counted(alerts, 'alert')}: ${title}`;
}

/** Which of a group's alerts a message tells for the first time, and which are over: those that it names. */
export function splitMembers({ members = [] }: GroupDigest): {
  readonly firing: readonly GroupMember[];
  readonly over: readonly GroupMember[];
} {
  return { firing: members.filter(({ over }) => !over), over: members.filter(({ over }) => over) };
}
