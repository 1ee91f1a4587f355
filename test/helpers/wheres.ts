import fc from 'fast-check';
import type { EntryRow } from '../../shared/line/schema/index.js';
import type { FieldMatcher, Where } from '../../shared/where/clause.js';

const names = fc.constantFrom(
  'message',
  'service',
  'level',
  'exception',
  'request_id',
  'fields.code',
  'fields.http.status',
);
const texts = fc.constantFrom('', 'pay', 'declined', 'Card Declined', '502', '-1', 'timeout', 'é€', '10.1.2.3', '::1');
const values = fc.oneof(texts, texts, fc.constantFrom(502, -1, true), fc.string({ maxLength: 4 }));
const patterns = fc.constantFrom(
  'declined$',
  '(?i)CARD|timeout',
  '^card',
  'time(out)?',
  'x|declined',
  '(?:pay|cart)+',
  'dec.ined',
  '[cC]ard',
  '(?!pay)',
  '\\bpay\\b',
);
const blocks = fc.constantFrom('10.0.0.0/8', '0.0.0.0/0', '::/0', '2001:db8::/32');

/** Any where-clause, of values that {@link anEntryRow} often has. */
export const { where: aWhere } = fc.letrec<{ where: Where; matcher: FieldMatcher }>((tie) => ({
  matcher: fc.oneof(
    { depthSize: 'small' },
    values,
    fc.array(values, { maxLength: 3 }),
    fc.record(
      {
        contains: texts,
        regex: patterns,
        gt: fc.integer({ min: -2, max: 600 }),
        lte: fc.integer({ min: -2, max: 600 }),
        exists: fc.boolean(),
        cidr: fc.oneof(blocks, fc.array(blocks, { maxLength: 2 })),
      },
      { requiredKeys: [] },
    ),
    fc.record(
      {
        not: tie('matcher'),
        any: fc.array(tie('matcher'), { maxLength: 3 }),
        all: fc.array(tie('matcher'), { maxLength: 2 }),
      },
      { requiredKeys: [] },
    ),
  ),
  where: fc.oneof(
    { depthSize: 'small' },
    fc.dictionary(names, tie('matcher'), { maxKeys: 2 }),
    fc
      .tuple(
        fc.dictionary(names, tie('matcher'), { maxKeys: 1 }),
        fc.record(
          {
            any: fc.array(tie('where'), { maxLength: 3 }),
            all: fc.array(tie('where'), { maxLength: 2 }),
            not: tie('where'),
          },
          { requiredKeys: [] },
        ),
      )
      .map(([columns, combinations]) => ({ ...columns, ...combinations })),
  ),
}));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 4 });

export const anEntryRow: fc.Arbitrary<EntryRow> = fc
  .record({
    ts: fc.integer({ min: 0, max: 4e12 }),
    message: optional(fc.array(texts, { maxLength: 3 }).map((parts) => parts.join(' '))),
    service: optional(texts),
    level: optional(texts),
    exception: optional(texts),
    request_id: optional(fc.oneof(texts, fc.string({ unit: 'binary', maxLength: 6 }))),
    fields: optional(
      fc.oneof(
        fc
          .record({ code: values, http: fc.record({ status: values }) }, { requiredKeys: [] })
          .map((each) => JSON.stringify(each)),
        fc.constantFrom('{', 'null', '{"http.status":502}', '{"code":["declined"]}'),
      ),
    ),
  })
  .map((row) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as EntryRow);
