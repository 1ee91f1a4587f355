import type { Rule } from '../../rules/language/rule.js';
import { compileGlob } from '../../text/glob.js';
import type { Silence } from '../ports.js';
import type { AlertState } from './alertState.js';
import { isFiring } from './due.js';
import { holdsAt } from './silences.js';

/** What a silence is held to. */
export interface Silenceable {
  readonly rule: Rule;
  readonly key: string;
  /** The values of the rule's `by` columns. */
  readonly labels: Readonly<Record<string, string>>;
  /** What is remembered of it; undefined when nothing is. */
  readonly state: AlertState | undefined;
}

/** The silence that holds an alert back. The labels it may match are those of the key, `rule` and `severity`. */
export function silenceFor(silences: readonly Silence[], alert: Silenceable, now: number): Silence | undefined {
  if (silences.length === 0) return undefined;
  return silences.find((silence) => isAbout(silence, alert) && holdsAt(silence, now) && !isLifted(silence, alert, now));
}

/** Whether one of the silences until this alert is over has just come to that end: its state is to say so. */
export function endsSilence(silences: readonly Silence[], alert: Silenceable, now: number): boolean {
  return silences.some(
    (silence) =>
      isAbout(silence, alert) && isLifted(silence, alert, now) && !isBefore(silence, alert.state?.silenceOver),
  );
}

function isAbout({ alert: only, matchers }: Silence, { rule, key, labels }: Silenceable): boolean {
  if (only) return only.rule === rule.name && only.key === key;
  const all: Readonly<Record<string, string>> = { ...labels, rule: rule.name, severity: rule.severity };
  return Object.entries(matchers).every(([label, glob]) => {
    const value = all[label];
    return value !== undefined && compileGlob(glob)(value);
  });
}

/** Whether a silence until its alert is over has come to that end. */
function isLifted(silence: Silence, { rule, state }: Silenceable, now: number): boolean {
  if (!silence.untilResolved) return false;
  return !state || isBefore(silence, state.silenceOver) || !isFiring(state, rule, now);
}

function isBefore({ created }: Silence, time: number | undefined): boolean {
  return time !== undefined && created <= time;
}
