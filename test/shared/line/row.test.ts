import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Origin } from '../../../shared/line/origin.js';
import { type Row, renderFields, renderRow } from '../../../shared/line/row.js';

function row(fields: Row['fields'], extra: Origin['extra'] = []): Row {
  return {
    type: 'app',
    columns: { message: 'm' },
    fields,
    ts: 1795365696256,
    origin: new Origin({ service: 's' }, extra),
  };
}

it('prints an open row of JSON, the time as a timestamp', () => {
  const each = row([['a', { b: 1 }]], [['container_id', 'c']]);
  expect(JSON.parse(`${renderRow(each, renderFields(each))}}`)).toEqual({
    ts: '2026-11-22 16:41:36.256',
    service: 's',
    message: 'm',
    fields: '{"a":{"b":1},"container_id":"c"}',
  });
});

it('leaves out fields that are empty', () => {
  const each = row([]);
  expect(renderRow(each, renderFields(each))).toBe('{"ts":"2026-11-22 16:41:36.256","service":"s","message":"m"');
});

it('keeps keys that come twice, from the line or from its collector', () => {
  expect(
    renderFields(
      row(
        [
          ['a', 1],
          ['a', 2],
          ['a', 3],
          ['b', 4],
        ],
        [
          ['b', 5],
          ['c', 6],
        ],
      ),
    ).json,
  ).toBe('{"a":3,"a#1":1,"a#2":2,"b":4,"collector.b":5,"c":6}');
});

it('keeps every value, whatever the keys', () => {
  const key = fc.constantFrom('a', 'b', 'a#1', '__proto__', 'constructor', '0');
  fc.assert(
    fc.property(
      fc.array(fc.tuple(key, fc.nat())),
      fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'container_id', '__proto__'), fc.nat()), {
        selector: ([name]) => name,
      }),
      (fields, extra) => {
        const { json: text } = renderFields(row(fields, extra));
        const values = text === '' ? [] : Object.values(JSON.parse(text)).map(Number);
        expect(values.sort()).toEqual([...fields, ...extra].map(([, value]) => value).sort());
      },
    ),
  );
});
