import { typeOf } from '../../conditions/index.js';
import { isMuted } from '../../rules/language/muteTimes.js';
import type { Rule } from '../../rules/language/rule.js';
import { joinKey, otherKey } from '../../signals/alertKey.js';
import type { AlertId, AlertPorts } from '../ports.js';
import type { RuleBook } from '../ruleBook.js';
import type { HoldReason } from './alertState.js';
import { type AlertState, isFiring } from './decide.js';
import { alertId } from './ids.js';
import { outOfShadow } from './shadow.js';
import { endsSilence, type Silenceable, silenceFor } from './silenceFor.js';

type Labels = Readonly<Record<string, string>>;

/** The mute time or silence that holds an alert back now. */
export async function holdOf(
  alert: Silenceable,
  { clock, silences }: Pick<AlertPorts, 'clock' | 'silences'>,
): Promise<HoldReason | undefined> {
  const now = clock.now();
  if (isMuted(alert.rule.mute, now)) return { by: 'mute' };
  const silence = silenceFor(await silences(), alert, now);
  if (!silence) return undefined;
  const { id, why, by } = silence;
  return { by: 'silence', silence: id, why: silence.alert ? `${why}, by ${by}` : why };
}

/** The state of an alert, which says so if a silence until it is over has come to its end. */
export async function withSilenceOver(
  alert: Silenceable,
  { clock, silences }: Pick<AlertPorts, 'clock' | 'silences'>,
): Promise<AlertState | undefined> {
  const { state } = alert;
  const now = clock.now();
  return state && endsSilence(await silences(), alert, now) ? { ...state, silenceOver: now } : state;
}

/** The rule of `unlessFiring` that fires for the same values, and so holds the alert back: one that people are told of. */
export async function inhibitionOf(
  { unlessFiring }: Rule,
  id: AlertId,
  labels: Labels,
  book: RuleBook,
  { store, ...ports }: Pick<AlertPorts, 'store' | 'clock' | 'silences'>,
): Promise<HoldReason | undefined> {
  // The key that stands for all other keys has no values.
  if (id.key === otherKey) return undefined;
  for (const name of unlessFiring) {
    const other = book.find(name);
    // A rule in shadow mode posts nothing, so it must not hold back the posts of another.
    if (!other || other.mode === 'shadow') continue;
    const { key, state } = await stateOf(other, labels, store);
    if (!state || !isFiring(state, other, ports.clock.now()) || !isKnown(state, other)) continue;
    // What nobody is told of must not keep people from being told of something else.
    if (!(await holdOf({ rule: other, key, labels: state.labels, state }, ports)))
      return { by: 'unless firing', rule: name };
  }
  return undefined;
}

/**
 * The rule of `onlyIfFiring` that does not fire for the same values, and so holds the alert back. Whether people are told of it does not
 * matter: it may be in shadow mode and serve for this alone.
 */
export async function requirementOf(
  { onlyIfFiring = [] }: Rule,
  labels: Labels,
  book: RuleBook,
  { store, clock }: Pick<AlertPorts, 'store' | 'clock'>,
): Promise<HoldReason | undefined> {
  for (const name of onlyIfFiring) {
    const other = book.find(name);
    // A key that stands for several may lack the values by which to ask.
    if (!other?.by.every((column) => column in labels)) continue;
    const { state } = await stateOf(other, labels, store);
    if (!state || !isFiring(state, other, clock.now())) return { by: 'only if firing', rule: name };
  }
  return undefined;
}

/** What is remembered of the key of a rule that has these values. */
async function stateOf({ name, by }: Rule, labels: Labels, store: AlertPorts['store']) {
  const key = joinKey(by.map((column) => labels[column] ?? ''));
  const stored = await store.load(alertId({ rule: name, key }));
  return { key, state: stored?.value as AlertState | undefined };
}

/** Whether people know of a rule that fires: they were told of it, or of the one that holds it back. */
function isKnown(state: AlertState, rule: Rule): boolean {
  // One that misses lines is told by the sweep, which may be looking at this moment.
  if (typeOf(rule).missing) return true;
  const { episode, held } = outOfShadow(state);
  if (held?.heldBy) return held.heldBy.by === 'unless firing';
  return episode !== undefined;
}
