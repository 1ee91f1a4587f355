import { firstOf } from '../../text/firstOf.js';
import type { SaveTerms, Silence, StateStore } from '../ports.js';
import { silenceId } from './ids.js';

/** Silences that are read; more than anybody sets. */
const maxSilences = 1000;

/** The latest time that a Date can hold, ms since the epoch. */
const everAfter = 8.64e15;

/** A new one. @throws Error when its id is taken. */
export async function addSilence(store: StateStore, silence: Silence): Promise<void> {
  const saved = await store.save(silenceId(silence.id), silence, undefined, termsOf(silence));
  if (!saved) throw new Error(`there is a silence ${silence.id} already; give this one another id`);
}

function termsOf({ from, until }: Silence): SaveTerms {
  return { expires: until, agenda: { name: from === undefined ? 'silences' : 'conditional', at: until } };
}

/** The silences that are not over, planned ones among them; the first to end first. */
export async function currentSilences(store: StateStore, now: number): Promise<Silence[]> {
  const agendas = ['silences', 'conditional'] as const;
  const ids = await Promise.all(agendas.map((each) => firstOf(store.agenda(each, now + 1, everAfter), maxSilences)));
  const stored = await Promise.all(ids.flat().map((id) => store.load(id)));
  return stored
    .flatMap((each) => (each ? (each.value as Silence) : []))
    .filter(({ until }) => until > now)
    .sort((a, b) => a.until - b.until);
}

/** Whether it has begun and is not over. */
export function holdsAt({ from, until }: Silence, time: number): boolean {
  return (from === undefined || from <= time) && time < until;
}

/** @returns false when there is none of this id. */
export async function removeSilence(store: StateStore, id: string): Promise<boolean> {
  const stored = await store.load(silenceId(id));
  if (!stored) return false;
  await store.remove(silenceId(id));
  return true;
}

/** How long an instance uses the silences that it read last, milliseconds. */
const silencesHeldFor = 30_000;

/** The silences that hold or are planned, read at most every 30 s. */
export function recentSilences(store: StateStore, now: () => number): () => Promise<readonly Silence[]> {
  let read: { readonly at: number; readonly silences: Promise<readonly Silence[]> } | undefined;
  return async () => {
    if (!read || now() >= read.at + silencesHeldFor) {
      const silences = currentSilences(store, now());
      const current = { at: now(), silences };
      read = current;
      // After a failure the next alert reads them again.
      silences.catch(() => {
        if (read === current) read = undefined;
      });
    }
    return read.silences;
  };
}
