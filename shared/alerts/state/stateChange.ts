import type { AlertState, StateChange } from './alertState.js';

/**
 * Whether a newer change is known than one of that time, so that it says nothing any more: they come more than once and in any order. An end at
 * the same time is the newer one, for what goes on ringing is told to be over too early at worst, and not for ever to ring.
 */
export function isOutOfDate(at: number, state: AlertState | undefined): boolean {
  const newest = state && newestChange(state);
  return newest !== undefined && (at < newest.at || (at === newest.at && newest.isOver));
}

/** What was stored before changes were remembered says only when it rang. */
function newestChange({ stateChange, episode, held }: AlertState): StateChange | undefined {
  if (stateChange) return stateChange;
  const rang = [episode, held].flatMap((span) => span?.last ?? []);
  return rang.length > 0 ? { at: Math.max(...rang), isOver: false } : undefined;
}
