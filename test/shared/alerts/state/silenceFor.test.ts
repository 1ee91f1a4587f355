import { describe, expect, it } from '@jest/globals';
import type { Silence } from '../../../../shared/alerts/ports.js';
import type { AlertState } from '../../../../shared/alerts/state/alertState.js';
import { endsSilence, silenceFor } from '../../../../shared/alerts/state/silenceFor.js';
import { otherKey } from '../../../../shared/signals/alertKey.js';
import { aRule, MINUTE, T0 } from '../../../helpers/alerts.js';

function aSilence(changes: Partial<Silence> = {}): Silence {
  return { id: 's1', matchers: {}, until: T0 + 60 * MINUTE, created: T0, by: 'me', why: 'a test', ...changes };
}

const rule = aRule({ name: '5xx-ratio', severity: 'critical', resolveAfter: 5 * MINUTE });
const alert = { rule, key: 'pay-api|502', labels: { service: 'pay-api', status: '502' }, state: undefined };

describe('silenceFor', () => {
  it.each<[Silence['matchers'], boolean]>([
    [{ service: 'pay-api' }, true],
    [{ service: 'pay' }, false],
    [{ service: 'pay*' }, true],
    [{ service: '*' }, true],
    [{ service: 'pay.api' }, false],
    [{ rule: '5xx-*' }, true],
    [{ severity: 'critical' }, true],
    [{ severity: 'critical', service: 'cart' }, false],
    [{ severity: 'critical', status: '50?' }, false],
    [{ region: '*' }, false],
    [{}, true],
  ])('with %j: %s', (matchers, silenced) => {
    expect(silenceFor([aSilence({ matchers })], alert, T0) !== undefined).toBe(silenced);
  });

  it('holds from its beginning to its end', () => {
    const planned = aSilence({ from: T0 + MINUTE, until: T0 + 3 * MINUTE });
    const holds = (time: number) => silenceFor([planned], alert, time) !== undefined;
    expect([T0, T0 + MINUTE - 1, T0 + MINUTE, T0 + 3 * MINUTE - 1, T0 + 3 * MINUTE].map(holds)).toEqual([
      ...[false, false, true, true, false],
    ]);
  });

  it('of one alert is about no other, whatever its values hold', () => {
    const only = (key: string) => aSilence({ matchers: { rule: rule.name }, alert: { rule: rule.name, key } });
    const holds = (silence: Silence, key: string) => silenceFor([silence], { ...alert, key }, T0) !== undefined;
    expect(holds(only('pay-api|502'), 'pay-api|502')).toBe(true);
    expect(holds(only('pay-api|502'), 'pay-api|503')).toBe(false);
    // As globs these would fit.
    expect(holds(only(otherKey), 'pay-api|502')).toBe(false);
    expect(holds(only(otherKey), otherKey)).toBe(true);
    expect(silenceFor([only('pay-api|502')], { ...alert, rule: aRule({ name: 'another' }) }, T0)).toBeUndefined();
  });
});

describe('a silence until its alert is over', () => {
  const silence = aSilence({ alert: { rule: rule.name, key: alert.key }, untilResolved: true });
  const state = (changes: Partial<AlertState>): AlertState => ({
    labels: alert.labels,
    claim: 1,
    delivery: { status: 'idle' },
    batches: [],
    memory: { type: 'match' },
    ...changes,
  });
  const seen = (changes: Partial<AlertState>, now: number) => {
    const known = { ...alert, state: state(changes) };
    return [silenceFor([silence], known, now) !== undefined, endsSilence([silence], known, now)];
  };

  it('holds while it fires, and ends once', () => {
    expect(seen({ firedAt: T0 }, T0 + 5 * MINUTE - 1)).toEqual([true, false]);
    expect(seen({ firedAt: T0 }, T0 + 5 * MINUTE)).toEqual([false, true]);
    expect(seen({ firedAt: T0, silenceOver: T0 + 5 * MINUTE }, T0 + 6 * MINUTE)).toEqual([false, false]);
    // It fires again.
    expect(seen({ firedAt: T0 + 9 * MINUTE, silenceOver: T0 + 5 * MINUTE }, T0 + 9 * MINUTE)).toEqual([false, false]);
  });

  it('that was made after an earlier one ended holds anew', () => {
    expect(seen({ firedAt: T0 + MINUTE, silenceOver: T0 - 1 }, T0 + 2 * MINUTE)).toEqual([true, false]);
  });

  it('holds nothing of what is forgotten', () => {
    expect(silenceFor([silence], alert, T0 + MINUTE)).toBeUndefined();
  });

  it('ends with its time, though the alert goes on', () => {
    expect(seen({ firedAt: T0 + 60 * MINUTE }, T0 + 60 * MINUTE)).toEqual([false, false]);
  });
});
