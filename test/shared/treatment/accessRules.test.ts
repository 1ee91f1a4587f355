import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileAccessRules } from '../../../shared/treatment/accessRules.js';
import type { FieldMatcher, Where } from '../../../shared/where/clause.js';
import { compileWhere, RowView } from '../../../shared/where/compileWhere.js';

const words = ['checkout', 'healthz', 'ELB-HealthChecker', 'GET', '200', 'it'];

function mayConcern(where: Where, line: string): boolean {
  return compileAccessRules({ drop: [{ name: 'rule', where }] }).mayConcern(line, 0, line.length);
}

describe('mayConcern', () => {
  it.each<[string, Where, boolean]>([
    ['a text', { path: '/healthz' }, false],
    ['one of the columns', { path: '/checkout', user_agent: 'ELB-HealthChecker' }, true],
    ['one of two', { any: [{ path: '/healthz' }, { user_agent: { contains: 'HealthChecker' } }] }, false],
    ['the other one of two', { any: [{ path: '/healthz' }, { path: { contains: 'checkout' } }] }, true],
    ['one of two that nothing is known of', { any: [{ path: '/healthz' }, { status: { gte: 500 } }] }, true],
    ['both of two', { all: [{ status: { gte: 500 } }, { path: '/healthz' }] }, false],
    ['anything but a text', { not: { path: '/healthz' } }, true],
    ['one of two values', { path: { any: [{ contains: 'healthz' }, { contains: 'ping-me' }] } }, false],
    ['all of two conditions', { path: { all: [{ regex: 'x' }, { contains: 'healthz' }] } }, false],
    ['a number', { status: 500 }, true],
  ])('sees from the text of a line whether %s can match', (_name, where, expected) => {
    expect(mayConcern(where, '203.0.113.9 "GET /checkout HTTP/1.1" 200')).toBe(expected);
  });

  it('never says no to a line that a rule matches', () => {
    const word = fc.constantFrom(...words);
    const { where } = fc.letrec<{ matcher: FieldMatcher; where: Where }>((tie) => ({
      matcher: fc.oneof(
        { depthSize: 'small' },
        word,
        fc.array(word, { minLength: 1, maxLength: 3 }),
        word.map((contains) => ({ contains })),
        word.map((regex) => ({ regex })),
        fc.constant({ gte: 100 }),
        tie('matcher').map((not) => ({ not })),
        fc.array(tie('matcher'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        fc.array(tie('matcher'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        word.map((contains) => ({ contains, not: { regex: '^x' } })),
      ),
      where: fc.oneof(
        { depthSize: 'small' },
        tie('matcher').map((path) => ({ path })),
        tie('matcher').map((user_agent) => ({ user_agent })),
        fc.record({ path: tie('matcher'), user_agent: tie('matcher') }),
        fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
        fc.array(tie('where'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
        tie('where').map((not) => ({ not })),
      ) as fc.Arbitrary<Where>,
    }));
    const text = fc.array(word, { maxLength: 2 }).map((parts) => parts.join(' '));
    let matched = 0;
    fc.assert(
      fc.property(where, text, text, (clause, path, user_agent) => {
        const view = new RowView();
        view.show({ ts: 0, path, user_agent });
        if (!compileWhere(clause)(view)) return;
        matched++;
        expect(mayConcern(clause, `"GET ${path}" "${user_agent}"`)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(matched).toBeGreaterThan(100);
  });
});
