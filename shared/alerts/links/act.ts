import { silenceLinks } from '../../bounds.js';
import { milliseconds } from '../../text/statedDuration.js';
import type { AlertState } from '../state/alertState.js';
import { isFiring } from '../state/due.js';
import { alertId } from '../state/ids.js';
import { type Choice, type Form, readForm } from './form.js';
import { type Change, changeLinkSilence } from './linkSilence.js';
import type { LinkPorts } from './ports.js';
import type { LinkedAlert } from './token.js';

/** What is wrong with a form that was sent, in words for who sent it. */
export interface Refusal {
  readonly status: 400 | 409 | 429;
  readonly problem: string;
  readonly form: Pick<Form, 'id' | 'name' | 'why'>;
}

/** What a form has changed, for the log. */
export interface Noted {
  readonly rule: string;
  readonly key: string;
  readonly by: string;
  readonly act: Choice | 'end';
  /** ms since the epoch. */
  readonly until: number;
}

/** Does what the form says. Without `noted` it did so when it came before. */
export async function actOn(
  body: string,
  { rule, key }: LinkedAlert,
  { store, book, now: clock, newForm }: LinkPorts,
): Promise<Refusal | { readonly noted?: Noted }> {
  const form = readForm(body);
  const refuse = (status: Refusal['status'], problem: string): Refusal => ({
    ...{ status, problem, form: { ...form, id: form.id || newForm() } },
  });
  const { act, name } = form;
  if (act === undefined || form.id === '') return refuse(400, 'Use one of the buttons.');
  if (name === '') return refuse(400, 'Your name is missing: your colleagues want to know whom to ask.');

  const [now, settings] = [clock(), book.find(rule)];
  const stored = await store.load(alertId({ rule, key }));
  const state = stored?.value as AlertState | undefined;
  const goesOn = settings && state && isFiring(state, settings, now);
  if (act === 'resolved' && !goesOn) {
    return refuse(409, 'It is over already: there is nothing to wait for. It can be silenced for a time.');
  }
  const until = act === 'end' ? now : now + lengthOf(act);
  const change: Change =
    act === 'end'
      ? { endedBy: name }
      : {
          ...{ matchers: { rule, ...state?.labels }, until, by: name, why: form.why || 'no reason given' },
          ...(act === 'resolved' ? { untilResolved: true } : {}),
        };
  const result = await changeLinkSilence(store, { rule, key }, form.id, change, now);
  if (result === 'too often') {
    return refuse(429, `It was changed ${silenceLinks.maxActsAnHour} times within an hour: wait a while.`);
  }
  return result === 'changed' ? { noted: { rule, key, by: name, act, until } } : {};
}

function lengthOf(choice: Choice): number {
  return choice === 'resolved' ? silenceLinks.longest : milliseconds(choice);
}
