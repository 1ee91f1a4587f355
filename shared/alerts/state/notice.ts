import { lastSeenBy } from '../../conditions/condition.js';
import type { Measured } from '../../conditions/index.js';
import type { Firing } from '../../conditions/observation.js';
import { addSpan, addTally, joinShown } from '../../signals/tally.js';
import type { AlertState, Episode, Held, Notice } from './alertState.js';

export function firingNotice(number: number, { tally, measured }: Firing<Measured>): Notice {
  return { kind: 'firing', number, ...tally, suppressed: 0, measured };
}

/** What tells of lines that were held back, and of no others. */
export function heldNotice(number: number, { labels, episode }: AlertState, held: Held): Notice {
  const { heldBy, measured = episode?.measured ?? { type: 'match' }, samples = [], waitsFrom: _, ...span } = held;
  const { count: suppressed } = span;
  return { kind: 'firing', number, labels, ...span, samples, suppressed, measured, ...(heldBy ? { heldBy } : {}) };
}

/** It spans all lines that were posted, and counts the lines that were held back since. */
export function resolvedNotice(number: number, { labels, held, memory }: AlertState, episode: Episode): Notice {
  const { measured } = episode;
  // What was missed is over because of lines that came after the last message.
  const back = memory.type === measured.type ? lastSeenBy(memory) : undefined;
  const last = back ?? episode.last;
  const notice: Notice = {
    ...{ kind: 'resolved', number, labels, count: 0, first: episode.first, last, samples: [], suppressed: 0, measured },
    ...(episode.count === undefined ? {} : { told: episode.count }),
  };
  if (!held) return notice;
  const span = { first: Math.min(notice.first, held.first), last: Math.max(notice.last, held.last) };
  return { ...withHeld(notice, held), ...span };
}

/** A notice that was not posted, together with the lines that came since. */
export function withFiring(notice: Notice, { tally, measured }: Firing<Measured>): Notice {
  return { ...notice, ...addTally(tally, notice), measured };
}

/** A notice together with the lines that were held back. */
export function withHeld(notice: Notice, held: Held | undefined): Notice {
  if (!held) return notice;
  const { heldBy = notice.heldBy, count } = held;
  const suppressed = notice.suppressed + count;
  const shown = notice.kind === 'firing' ? joinShown(notice, held) : { samples: [] };
  return { ...notice, ...addSpan(notice, held), ...shown, suppressed, ...(heldBy === undefined ? {} : { heldBy }) };
}
