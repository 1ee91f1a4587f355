import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { RuleStatus } from '../../../local/alerts/ruleStatus.js';
import { statusTable } from '../../../local/alerts/statusTable.js';

const now = Date.parse('2026-11-22T16:00:00Z');
const status = (changes: Partial<RuleStatus> = {}): RuleStatus => ({
  name: 'unhandled-exception',
  type: 'cardinality',
  severity: 'critical',
  mode: 'live',
  ...{ keys: 1200, firing: 2, lastTold: now - 90_000, unsent: 0, heldBack: 0, silenced: 0 },
  ...changes,
});

const lines = (statuses: readonly RuleStatus[], width?: number) =>
  stripVTControlCharacters(statusTable(statuses, now, width))
    .split('\n')
    .map((line) => line.trimEnd());

describe('statusTable', () => {
  it('has all columns where there is room', () => {
    expect(lines([status()])).toEqual([
      'rule                 type         severity  mode   keys  firing  last told  unsent  held back  silenced',
      'unhandled-exception  cardinality  critical  live  1,200       2  90s ago         –          –         –',
    ]);
  });

  it('leaves out at 80 what is the same for all rules, the last column first', () => {
    expect(lines([status()], 80)).toEqual([
      'rule                 type         severity  mode   keys  firing  last told',
      'unhandled-exception  cardinality  critical  live  1,200       2  90s ago',
    ]);
  });

  it('leaves out what the rule files say before what only the state says', () => {
    const [head] = lines([status({ mode: 'shadow', unsent: 3, heldBack: 7, silenced: 1 })], 80);
    expect(head).toBe('rule                  keys  firing  last told  unsent  held back  silenced');
  });
});
