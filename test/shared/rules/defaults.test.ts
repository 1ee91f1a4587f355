import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadRules } from '../../../shared/rules/load.js';
import { compileRules, type RuleSet } from '../../../shared/rules/match.js';
import type { EntryRow } from '../../../shared/schema/index.js';
import { T0 } from '../../helpers/alerts.js';

let rules: RuleSet;
beforeAll(async () => {
  rules = compileRules(await loadRules('infra/rules'));
});

function firedBy(row: Partial<EntryRow>): string[] {
  const collector = rules.collector();
  collector.observe('error', { ts: T0, service: 'pay', ...row });
  return collector.signals().map(({ rule }) => rule);
}

describe('the rules that ship', () => {
  it.each<[string, Partial<EntryRow>, string[]]>([
    ['a fatal line', { level: 'fatal', message: 'cannot go on' }, ['fatal-line']],
    ['a fatal line about an exception', { level: 'fatal', message: 'uncaught exception' }, ['fatal-line']],
    ['the JVM', { level: 'error', message: 'java.lang.OutOfMemoryError: Java heap space' }, ['out-of-memory']],
    [
      'Node',
      { message: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory' },
      ['out-of-memory'],
    ],
    ['Python', { level: 'error', message: 'MemoryError' }, ['out-of-memory']],
    [
      'nginx',
      { level: 'error', message: '*1 connect() failed (111: Connection refused) while connecting to upstream' },
      ['upstream-down'],
    ],
    [
      'a crash',
      { level: 'error', message: 'Exception in thread "main" java.lang.NullPointerException' },
      ['unhandled-exception'],
    ],
    ['a rejection', { level: 'error', message: 'Unhandled promise rejection: x' }, ['unhandled-exception']],
    ['Go', { level: 'error', message: 'panic: runtime error: index out of range' }, ['unhandled-exception']],
    [
      'a declined payment',
      { level: 'error', message: 'payment declined order=1 reason=do_not_honor' },
      ['payment-declined'],
    ],
    ['an ordinary error', { level: 'error', message: 'timeout after 300 ms' }, []],
    ['a room', { level: 'info', message: 'no room left in the zoom call' }, []],
    ['a handled exception', { level: 'error', message: 'handled exception: retrying' }, []],
  ])('%s', (_name, row, expected) => {
    expect(firedBy(row)).toEqual(expected);
  });
});
