import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntryRow, LogType } from '../../../../shared/line/schema/index.js';
import { compilePrefilter } from '../../../../shared/rules/matching/prefilter.js';
import { compilePattern } from '../../../../shared/text/pattern.js';
import { requiredWords } from '../../../../shared/text/requiredWords.js';
import type { Where } from '../../../../shared/where/clause.js';
import { compileWhere, RowView, type ViewedRow } from '../../../../shared/where/compileWhere.js';
import { anEntryRow, aWhere } from '../../../helpers/wheres.js';

describe('the words that an expression needs', () => {
  it.each<[string, readonly string[] | undefined]>([
    ['declined', ['declined']],
    ['(?i)Card Declined', ['card declined']],
    ['^connect\\(\\) failed$', ['connect() failed']],
    ['connect failed|no live upstreams', ['connect failed', 'no live upstreams']],
    ['(?:out of memory|heap limit)\\b', ['out of memory', 'heap limit']],
    ['unhandled (promise )?rejection', ['unhandled ']],
    ['(?<what>payment|card).*declined', ['declined']],
    ['colou?r of it', ['r of it']],
    ['a{3}bcd+efgh', ['efgh']],
    ['abcd{0,2}efgh', ['efgh']],
    ['(?:abcdefgh){0}ijkl', ['ijkl']],
    ['(?:abcdefgh){00,3}ijkl', ['ijkl']],
    ['(?:abcdefgh){0,}ijkl', ['ijkl']],
    ['(?:abcdefgh){10}ijkl', ['abcdefgh']],
    ['(?:abcdefgh){1,}ijkl', ['abcdefgh']],
    ['[abc]defghi[^]]jkl\\]', ['defghi']],
    ['(?!never)(?=always)x', ['always']],
    ['(?<!never).x(?:optional)?', undefined],
    ['log-?in', ['login', 'log-in']],
    ['(?i)\\b(log-?in|sign-?ons?)\\b', ['login', 'log-in', 'sign']],
    ['log-*in|x', undefined],
    ['failed|\\d+', undefined],
    ['\\x41\\u0041\\cA\\101abcd', ['abcd']],
    ['oom', undefined],
    ['caféteria', ['teria']],
    ['', undefined],
  ])('%s', (pattern, words) => {
    expect(requiredWords(pattern)).toEqual(words);
  });

  const literal = fc.constantFrom('abcd', 'ef', 'G', 'ij kl', '\\.', '\\(', 'é', 'mnopq');
  const single = fc.constantFrom('.', '\\d', '\\w', '[a-f]', '[^x]', '\\x41', '\\u0042', '\\n', '\\s');
  const quantifier = fc.constantFrom('', '', '', '?', '*', '+', '{2}', '{0,1}', '{1,}', '+?');
  const { expression } = fc.letrec<{ expression: string; sequence: string; atom: string }>((tie) => ({
    atom: fc.oneof(
      { maxDepth: 3 },
      literal,
      single,
      tie('expression').map((of) => `(${of})`),
      tie('expression').map((of) => `(?:${of})`),
    ),
    sequence: fc
      .array(
        fc.tuple(tie('atom'), quantifier).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 4 },
      )
      .map((parts) => parts.join('')),
    expression: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('|')),
  }));

  it('are in every text that it matches', () => {
    let some = 0;
    const withText = fc.tuple(fc.constantFrom('', '(?i)'), expression.filter(isSmall)).chain(([flag, source]) => {
      const pattern = flag + source;
      return fc.tuple(fc.constant(pattern), fc.stringMatching(compilePattern(pattern), { size: 'small' }));
    });
    fc.assert(
      fc.property(withText, ([pattern, text]) => {
        const words = requiredWords(pattern);
        if (words === undefined) return;
        some++;
        expect(words.some((word) => text.toLowerCase().includes(word))).toBe(true);
      }),
      { numRuns: 1000 },
    );
    expect(some).toBeGreaterThan(100);
  });
});

/** V8 refuses expressions whose repetitions multiply. */
function isSmall(source: string): boolean {
  return source.length < 100;
}

describe('the pre-filter', () => {
  const candidatesOf = (wheres: readonly Where[], row: ViewedRow) => {
    const view = new RowView();
    view.show(row);
    return [...compilePrefilter(wheres, (where) => where).candidates(view)];
  };

  it('finds every clause that matches, once', () => {
    fc.assert(
      fc.property(fc.array(aWhere, { maxLength: 12 }), fc.array(anEntryRow, { maxLength: 8 }), (wheres, rows) => {
        const prefilter = compilePrefilter([...wheres.keys()], (at) => wheres[at] as Where);
        const compiled = wheres.map(compileWhere);
        const view = new RowView();
        for (const row of rows) {
          view.show(row);
          const candidates = prefilter.candidates(view);
          expect(new Set(candidates).size).toBe(candidates.length);
          const matching = [...wheres.keys()].filter((at) => compiled[at]?.(view));
          expect(candidates).toEqual(expect.arrayContaining(matching));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Where, Partial<EntryRow>]>([
    ['another value', { service: 'pay' }, { service: 'cart' }],
    ['none of the values', { level: ['fatal', 'error'] }, { level: 'info' }],
    ['no such text', { message: { contains: 'declined' } }, { message: 'accepted' }],
    ['no such word of an expression', { message: { regex: '(?i)oom-kill|out of memory' } }, { message: 'fine' }],
    [
      'nothing of any',
      { any: [{ service: 'pay' }, { message: { contains: 'declined' } }] },
      { service: 'cart', message: 'x' },
    ],
    ['no such field', { 'fields.code': 502 }, { fields: '{"code":200}' }],
    ['no such key', { 'fields.pay.decline_code': { exists: true } }, { fields: '{"pay":{"code":200}}' }],
    [
      'a rare text rather than a common level',
      { level: 'info', message: { contains: 'declined' } },
      { level: 'info', message: 'accepted' },
    ],
  ])('passes over clauses without looking closer: %s', (_, where, row) => {
    expect(candidatesOf([where], { ts: 0, ...row })).toEqual([]);
  });

  it('leaves clauses that it has nothing to go by to a closer look', () => {
    const wheres: Where[] = [
      {},
      { not: { service: 'pay' } },
      { 'fields.no': { gte: 500 } },
      { message: { contains: 'é' } },
    ];
    expect(candidatesOf(wheres, { ts: 0 })).toEqual(wheres);
  });

  const untrusted: Where = { 'fields.err': { contains: 'x509: ' } };

  it.each<[string, Partial<ViewedRow>]>([
    ['as it is', { fields: '{"err":"tls: x509: certificate"}' }],
    ['in another case', { fields: '{"err":{"cause":"X509: certificate"}}' }],
    ['behind an escape', { fields: '{"err":"x509\\u003a certificate"}' }],
    ['in the stored column', stored('{"err":"x509: certificate"}')],
    ['in the stored column, behind an escape', stored('{"err":"x50\\u0039: certificate"}')],
  ])('finds a word in fields %s', (_, row) => {
    expect(candidatesOf([untrusted], { ts: 0, ...row } as ViewedRow)).toEqual([untrusted]);
  });

  it.each<[string, Partial<ViewedRow>]>([
    ['as it is', { fields: '{"pay":{"decline_code":7}}' }],
    ['in a key with dots', { fields: '{"pay.decline_code":7}' }],
    ['behind an escape', { fields: '{"pay":{"decline\\u005fcode":7}}' }],
    ['in the stored column', stored('{"pay":{"decline_code":7}}')],
    ['in the stored column, behind an escape', stored('{"pay":{"declin\\u0065_code":7}}')],
  ])('finds a key in fields %s', (_, row) => {
    const wheres: Where[] = [{ 'fields.pay.decline_code': { exists: true } }, { 'fields.pay.decline_code': { gt: 6 } }];
    expect(candidatesOf(wheres, { ts: 0, ...row } as ViewedRow)).toEqual(wheres);
    const view = new RowView();
    view.show({ ts: 0, ...row } as ViewedRow);
    expect(wheres.map((where) => compileWhere(where)(view))).toEqual([true, true]);
  });

  it('goes by a warning on application lines, which are few, and by a key on errors', () => {
    const warned: Where = { level: ['warn', 'error'], 'fields.decline_code': { exists: true } };
    const candidates = (type: LogType, row: ViewedRow) => {
      const view = new RowView();
      view.show(row);
      return compilePrefilter([warned], (where) => where, type).candidates(view);
    };
    expect(candidates('app', { ts: 0, level: 'info', fields: '{"decline_code":7}' })).toEqual([]);
    expect(candidates('app', { ts: 0, level: 'warn' })).toEqual([warned]);
    expect(candidates('error', { ts: 0, level: 'error' })).toEqual([]);
  });

  it('does not parse fields that do not hold the word', () => {
    const row = Object.defineProperty({ ts: 0, fieldsColumn: ',"fields":"{\\"err\\":\\"refused\\"}"' }, 'fields', {
      get() {
        throw new Error('parsed');
      },
    });
    expect(candidatesOf([untrusted], row)).toEqual([]);
  });

  it('parses fields for a word that JSON may spell in another way', () => {
    const wheres: Where[] = [
      { 'fields.code': { contains: '1000' } },
      { 'fields.path': { contains: 'api/v1' } },
      { 'fields.huge': { contains: 'infinity' } },
    ];
    const fields = '{"code":1e3,"path":"api\\/v1","huge":1e999}';
    expect(candidatesOf(wheres, { ts: 0, fields })).toEqual(wheres);
  });

  it('looks closer at all clauses on a value that it can not read', () => {
    const wheres: Where[] = [{ logger: 'a' }, { logger: { contains: 'abcd' } }];
    const row = Object.defineProperty({ ts: 0 }, 'logger', {
      get() {
        throw new Error('unreadable');
      },
    });
    expect(candidatesOf(wheres, row)).toEqual(wheres);
  });
});

/** As the lanes hand over a row. */
function stored(fields: string): Partial<ViewedRow> {
  return { fields, fieldsColumn: `,"fields":${JSON.stringify(fields)}` };
}
