import { describe, expect, it } from '@jest/globals';
import { failureSignals, operationsRules } from '../../../shared/alerts/operations.js';
import { ruleBook } from '../../../shared/alerts/ruleBook.js';
import { signalBatches } from '../../../shared/rules/matching/batch.js';
import { alertMessage } from '../../../shared/slack/alertMessage.js';
import { aRule, T0 } from '../../helpers/alerts.js';

describe('the rule about rules that fail', () => {
  it('tells the operations route, or the default one', () => {
    expect(operationsRules({ operations_route: 'ops' })[0]).toMatchObject({ route: 'ops' });
    expect(operationsRules({})[0]).toMatchObject({ route: 'default' });
  });

  it('makes a message that names the rule and what it said, and no query', () => {
    const failures = [{ rule: 'odd', count: 7, reason: 'too much <recursion>' }];
    const [signal] = failureSignals(failures, T0);
    const [settings] = operationsRules({});
    if (!signal || !settings) throw new Error('nothing');
    const { rule, key, labels, count, first, last, samples } = signal;
    const span = { labels, count, first, last, samples };
    const notice = { kind: 'firing', number: 1, suppressed: 0, measured: { type: 'match' }, ...span } as const;
    const message = JSON.stringify(alertMessage({ rule, key, settings, notice }));
    expect(message).toContain('Alert rule odd fails');
    expect(message).toContain('too much &lt;recursion&gt;');
    expect(message).not.toContain('SELECT');
  });

  it('goes with any batch that has failures', () => {
    expect(signalBatches(['1'], [], [{ rule: 'odd', count: 1, reason: 'x' }])).toHaveLength(1);
  });
});

describe('ruleBook', () => {
  it('ranks a rule behind all that it depends on, and ends a circle', () => {
    const rules = [
      aRule({ name: 'c', unlessFiring: ['b', 'a'] }),
      aRule({ name: 'b', unlessFiring: ['a', 'gone'] }),
      aRule({ name: 'a' }),
      aRule({ name: 'x', unlessFiring: ['y'] }),
      aRule({ name: 'y', unlessFiring: ['x'] }),
    ];
    const book = ruleBook(rules);
    expect(['c', 'b', 'a'].map((name) => book.rankOf(book.find(name) ?? aRule()))).toEqual([2, 1, 0]);
    expect(book.rankOf(book.find('x') ?? aRule())).toBeLessThan(5);
  });
});
