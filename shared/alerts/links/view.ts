import { fillTitle } from '../../rules/language/title.js';
import { otherKey } from '../../signals/alertKey.js';
import type { AlertState } from '../state/alertState.js';
import { isFiring } from '../state/due.js';
import { alertId } from '../state/ids.js';
import { silenceFor } from '../state/silenceFor.js';
import { currentSilences } from '../state/silences.js';
import type { Refusal } from './act.js';
import { findLinkSilence } from './linkSilence.js';
import type { LinkView } from './page.js';
import type { LinkPorts } from './ports.js';
import type { LinkedAlert } from './token.js';

/**
 * What there is to show of an alert and of the silences that hold it back.
 *
 * @param refusal of the form that was sent, whose fields are shown again.
 */
export async function viewOf(
  { rule: name, key }: LinkedAlert,
  { store, book, now: clock, newForm }: LinkPorts,
  refusal?: Refusal,
): Promise<LinkView> {
  const [now, rule] = [clock(), book.find(name)];
  const [own, all, stored] = await Promise.all([
    findLinkSilence(store, { rule: name, key }),
    currentSilences(store, now),
    store.load(alertId({ rule: name, key })),
  ]);
  const state = stored?.value as AlertState | undefined;
  const labels = state?.labels ?? {};
  const holding = (silences: typeof all) => rule && silenceFor(silences, { rule, key, labels, state }, now);
  const silence = own && holding([own]) ? own : undefined;
  return {
    title: rule
      ? fillTitle(rule.title, (label) => labels[label] ?? (key === otherKey ? '(several)' : undefined))
      : name,
    facts: [
      ...(rule ? [['severity', rule.severity] as const] : []),
      ['rule', name],
      ...Object.entries(labels),
      ...(key === otherKey ? [['key', 'all others'] as const] : []),
    ],
    isFiring: rule !== undefined && state !== undefined && isFiring(state, rule, now),
    silence,
    other: holding(all.filter(({ id }) => id !== own?.id)),
    endedBy: own?.endedBy,
    problem: refusal?.problem,
    form: refusal?.form ?? { id: newForm(), name: '', why: '' },
    now,
  };
}
