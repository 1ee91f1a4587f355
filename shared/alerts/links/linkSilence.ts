import { createHash } from 'node:crypto';
import { silenceLinks } from '../../bounds.js';
import type { AlertId, Silence, StateStore } from '../ports.js';
import { alertId, silenceId } from '../state/ids.js';
import { type Update, update } from '../state/update.js';

/**
 * The silence of one alert, as its links make it: there is one at most, which each of them changes. It is kept for as long
 * as a link lives after it has ended. At most 3 KB: {@link silenceLinks} bounds its texts and acts, the alert's key the rest.
 */
export interface LinkSilence extends Silence {
  readonly alert: Pick<AlertId, 'rule' | 'key'>;
  /** The forms that changed it last, the newest first. */
  readonly acts: readonly { readonly form: string; readonly at: number }[];
  /** Who ended it before its time. */
  readonly endedBy?: string;
}

/** What a form asks for. */
export type Change =
  | Pick<Silence, 'until' | 'by' | 'why' | 'matchers' | 'untilResolved'>
  /** To end it, and who asks. */
  | { readonly endedBy: string };

/** `repeated`: the form has been here before, and nothing has changed. */
export type ChangeResult = 'changed' | 'repeated' | 'too often';

export async function findLinkSilence(
  store: StateStore,
  alert: LinkSilence['alert'],
): Promise<LinkSilence | undefined> {
  return (await store.load(silenceId(idOf(alert))))?.value as LinkSilence | undefined;
}

/** Makes, changes or ends the silence of an alert; the same form does so once. */
export function changeLinkSilence(
  store: StateStore,
  alert: LinkSilence['alert'],
  form: string,
  change: Change,
  now: number,
): Promise<ChangeResult> {
  const id = idOf(alert);
  return update<LinkSilence, ChangeResult>(store, silenceId(id), (current) => {
    const acts = current?.acts ?? [];
    if (acts.some((act) => act.form === form)) return unchanged('repeated');
    if (acts.filter(({ at }) => at > now - HOUR).length >= silenceLinks.maxActsAnHour) return unchanged('too often');
    const added = [{ form, at: now }, ...acts].slice(0, silenceLinks.maxActsAnHour);
    if (!('endedBy' in change)) return changed({ id, alert, created: now, ...change, acts: added }, now);
    if (!current || current.until <= now) return unchanged('repeated');
    return changed({ ...current, acts: added, until: now, endedBy: change.endedBy }, now);
  });
}

const HOUR = 3_600_000;

/** 64 bits, as hexadecimal digits: `firesplit silence remove` takes it too. */
function idOf(alert: LinkSilence['alert']): string {
  return createHash('sha256').update(alertId(alert)).digest('hex').slice(0, 16);
}

function unchanged(result: ChangeResult): Update<LinkSilence, ChangeResult> {
  return { next: undefined, result };
}

function changed(value: LinkSilence, now: number): Update<LinkSilence, ChangeResult> {
  const expires = Math.max(value.until, now) + silenceLinks.life;
  return {
    next: { value, terms: { expires, agenda: { name: 'conditional', at: value.until } } },
    result: 'changed',
  };
}
