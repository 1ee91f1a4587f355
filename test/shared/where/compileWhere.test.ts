import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compilePattern } from '../../../shared/text/pattern.js';
import { compileBlocks } from '../../../shared/where/cidr.js';
import { type FieldMatcher, isList, partsOf, type Where } from '../../../shared/where/clause.js';
import {
  asText,
  compileReader,
  compileWhere,
  namesIn,
  RowView,
  type ViewedRow,
} from '../../../shared/where/compileWhere.js';
import { anEntryRow, aWhere } from '../../helpers/wheres.js';

function viewOf(row: ViewedRow): RowView {
  const view = new RowView();
  view.show(row);
  return view;
}

describe('a where-clause', () => {
  it.each<[string, Where, Partial<ViewedRow>, boolean]>([
    ['nothing asked', {}, {}, true],
    ['an access column', { status: { gte: 500 } }, { status: 502 }, true],
    ['a block', { client_ip: { cidr: '10.0.0.0/8' } }, { client_ip: '10.1.2.3' }, true],
    [
      'one of the blocks',
      { client_ip: { cidr: ['192.0.2.0/24', '2001:db8::/32'] } },
      { client_ip: '2001:db8::7' },
      true,
    ],
    ['outside the block', { client_ip: { not: { cidr: '10.0.0.0/8' } } }, { client_ip: '11.1.2.3' }, true],
    ['no address', { client_ip: { cidr: '0.0.0.0/0' } }, { client_ip: 'unix:' }, false],
    ['any matcher', { path: { any: ['/a', { contains: '/b' }] } }, { path: '/x/b' }, true],
    ['no matcher of any', { path: { any: ['/a', '/b'] } }, { path: '/c' }, false],
    ['all matchers', { path: { all: [{ contains: 'a' }, { contains: 'b' }] } }, { path: '/ab' }, true],
    ['not all matchers', { path: { all: [{ contains: 'a' }, { contains: 'b' }] } }, { path: '/a' }, false],
    ['any clause', { any: [{ status: 502 }, { path: '/a' }] }, { status: 200, path: '/a' }, true],
    ['no clause of any', { any: [{ status: 502 }, { path: '/a' }] }, { status: 200, path: '/b' }, false],
    ['no clause to choose from', { any: [] }, {}, false],
    ['all clauses', { all: [{ status: 502 }, { path: '/a' }] }, { status: 502, path: '/a' }, true],
    ['not the clause', { not: { status: 502, path: '/a' } }, { status: 502, path: '/b' }, true],
    ['columns and combinations', { status: 502, any: [{ path: '/a' }] }, { status: 200, path: '/a' }, false],
  ])('%s', (_name, where, row, expected) => {
    expect(compileWhere(where)(viewOf({ ts: 0, ...row } as ViewedRow))).toBe(expected);
  });

  it('matches what an evaluation word by word does', () => {
    let matched = 0;
    fc.assert(
      fc.property(aWhere, fc.array(anEntryRow, { maxLength: 10 }), (where, rows) => {
        const matches = compileWhere(where);
        for (const row of rows) {
          const expected = isMatch(where, row);
          expect(matches(viewOf(row))).toBe(expected);
          if (expected) matched++;
        }
      }),
      { numRuns: 500 },
    );
    expect(matched).toBeGreaterThan(100);
  });

  it('names what it looks at', () => {
    expect(
      namesIn({ status: 1, not: { path: 'a', any: [{ path: 'b' }, { 'fields.x': 1, all: [{ host: 'h' }] }] } }).sort(),
    ).toEqual(['fields.x', 'host', 'path', 'status']);
  });
});

function isMatch(where: Where, row: ViewedRow): boolean {
  const { columns, any, all, not } = partsOf(where);
  return (
    columns.every(([name, matcher]) => holds(matcher, compileReader(name)(viewOf(row)))) &&
    (any === undefined || any.some((each) => isMatch(each, row))) &&
    all.every((each) => isMatch(each, row)) &&
    (not === undefined || !isMatch(not, row))
  );
}

function holds(matcher: FieldMatcher, value: unknown): boolean {
  const text = asText(value);
  if (isList(matcher)) return matcher.some((each) => String(each) === text);
  if (typeof matcher !== 'object') return String(matcher) === text;
  const number = text === undefined || typeof value === 'boolean' || text.trim() === '' ? Number.NaN : Number(text);
  const conditions: Record<string, (of: never) => boolean> = {
    contains: (of: string) => text?.includes(of) === true,
    regex: (of: string) => text !== undefined && compilePattern(of).test(text),
    gt: (of: number) => number > of,
    lte: (of: number) => number <= of,
    exists: (of: boolean) => of === (text !== undefined),
    cidr: (of: string | readonly string[]) =>
      text !== undefined && [of].flat().some((each) => compileBlocks([each])(text)),
    not: (of: FieldMatcher) => !holds(of, value),
    any: (of: readonly FieldMatcher[]) => of.some((each) => holds(each, value)),
    all: (of: readonly FieldMatcher[]) => of.every((each) => holds(each, value)),
  };
  return Object.entries(matcher).every(([name, of]) => conditions[name]?.(of as never));
}
