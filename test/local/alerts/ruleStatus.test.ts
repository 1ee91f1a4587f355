import { expect, it } from '@jest/globals';
import { ruleStatuses, unknownRules } from '../../../local/alerts/ruleStatus.js';
import type { Notice } from '../../../shared/alerts/state/alertState.js';
import type { AlertState } from '../../../shared/alerts/state/decide.js';
import { aRule, MINUTE, T0 } from '../../helpers/alerts.js';

const now = T0 + 60 * MINUTE;

function aState(changes: Partial<AlertState>): AlertState {
  return {
    labels: { service: 'pay' },
    claim: 1,
    delivery: { status: 'idle' },
    batches: [],
    memory: { type: 'match' },
    ...changes,
  };
}

const silence = (matchers: Readonly<Record<string, string>>, until = now + MINUTE) => ({
  id: 'a',
  matchers,
  until,
  by: 'me',
  why: 'a test',
  created: T0,
});

it('says of a rule that nothing was seen of', () => {
  const rule = aRule({ name: 'quiet', mode: 'shadow' });
  expect(ruleStatuses([rule], [{ rule: 'other', key: 'pay', state: aState({}) }], [], now)).toEqual([
    {
      name: 'quiet',
      type: 'match',
      severity: 'warning',
      mode: 'shadow',
      keys: 0,
      firing: 0,
      unsent: 0,
      heldBack: 0,
      silenced: 0,
    },
  ]);
});

it('adds up the keys of a rule', () => {
  const rule = aRule({ name: 'loud', cooldown: 15 * MINUTE });
  const states = [
    aState({ firedAt: now - MINUTE, cooldown: { start: now - 5 * MINUTE, doublings: 0 } }),
    aState({ firedAt: now - 30 * MINUTE, cooldown: { start: now - 40 * MINUTE, doublings: 0 } }),
    aState({ labels: { service: 'cart' }, held: { count: 7, first: T0, last: T0 } }),
    // Nobody was told of what a shadow rule found.
    aState({ labels: { service: 'web' }, shadow: true, cooldown: { start: now, doublings: 0 } }),
  ].map((state) => ({ rule: 'loud', key: state.labels.service ?? '', state }));
  const silences = [silence({ rule: 'lo*', service: 'cart' }), silence({ service: 'web' }, now)];
  expect(ruleStatuses([rule], states, silences, now)).toMatchObject([
    { keys: 4, firing: 1, lastTold: now - 5 * MINUTE, unsent: 0, heldBack: 7, silenced: 1 },
  ]);
});

it('does not call told what Slack has not taken', () => {
  const notice: Notice = {
    ...{ kind: 'firing', number: 2, count: 1, suppressed: 0, first: now, last: now, labels: {}, samples: [] },
    measured: { type: 'match' },
  };
  const states = [
    aState({ cooldown: { start: now - 5 * MINUTE, doublings: 0 } }),
    aState({
      cooldown: { start: now, doublings: 0 },
      delivery: { status: 'pending', notice, leaseUntil: now, refusals: 0 },
    }),
  ].map((state) => ({ rule: 'loud', key: state.labels.service ?? '', state }));
  expect(ruleStatuses([aRule({ name: 'loud' })], states, [], now)).toMatchObject([
    { lastTold: now - 5 * MINUTE, unsent: 1 },
  ]);
});

it('counts the keys of rules that are no more, of which those of alarms are none', () => {
  const ofRule = (rule: string, key: string) => ({ rule, key, state: aState({}) });
  const states = [ofRule('gone', 'a'), ofRule('gone', 'b'), ofRule('kept', 'a')];
  const alarm = ofRule('firesplit:alarm-no-lines', 'no-lines');
  expect(unknownRules([aRule({ name: 'kept' })], [...states, alarm])).toEqual({ gone: 2 });
});
