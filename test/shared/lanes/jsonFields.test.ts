import { expect, it } from '@jest/globals';
import { findFields } from '../../../shared/lanes/jsonFields.js';
import { scanLine } from '../../../shared/lanes/jsonScan.js';
import type { Parsed } from '../../../shared/line/parsed.js';
import { isObject, type JsonObject } from '../../../shared/parse/json/object.js';

/** With the values of the line at their places: `⟨0⟩` for the first. */
function find(
  line: string,
  parse: (line: JsonObject) => Parsed,
  free?: readonly number[],
  texts: ReadonlyMap<number, string> = new Map(),
) {
  const escaped = JSON.stringify(line).slice(1, -1);
  const scanned = scanLine(`${escaped}"`, 0, escaped.length);
  const object: unknown = JSON.parse(line);
  if (!scanned || !isObject(object)) throw new Error(line);
  const indexes = free ?? scanned.leaves.map((_, index) => index);
  const found = findFields(scanned, object, parse(object), indexes, texts, parse);
  const text = found?.pieces.map((piece) => (typeof piece === 'number' ? `⟨${piece}⟩` : piece)).join('');
  return found && { ...found, text: text?.replaceAll('\\"', '"'), pieces: undefined };
}

const app = (fields: JsonObject): Parsed => ({ type: 'app', columns: {}, fields: Object.entries(fields) });

it('finds values of every kind, wherever the format puts them', () => {
  const found = find('{"a":"x","b":{"n":1,"list":[1,2]},"ok":true}', ({ a, b, ok }) =>
    app({ b, first: { a }, all: ['const', ok] }),
  );
  expect(found?.text).toBe('"b":{"n":⟨1⟩,"list":⟨2⟩},"first":{"a":"⟨0⟩"},"all":["const",⟨3⟩]');
  expect(found?.leaves.map((leaf) => leaf?.place)).toEqual(['first.a', 'b.n', 'b.list', 'all.1']);
  expect(found?.leaves.map((leaf) => leaf?.key)).toEqual(['a', 'n', 'list', '1']);
  expect(found?.fixed).toEqual([]);
});

it('knows nothing of a value that goes nowhere', () => {
  const found = find('{"a":"x","b":1}', ({ b }) => app({ b }));
  expect(found).toMatchObject({ text: '"b":⟨1⟩', leaves: [undefined, { key: 'b', place: 'b' }], fixed: [] });
});

it('leaves a value as it is that is not to be marked', () => {
  expect(find('{"a":"x","b":"say \\"y\\""}', app, [0])?.text).toBe('"a":"⟨0⟩","b":"say \\\\"y\\\\""');
});

it('fixes a value whose mark makes another line of it, and finds the others', () => {
  const parse = ({ kind, ...rest }: JsonObject): Parsed =>
    kind === 'request' ? app({ kind, ...rest }) : { type: 'app', columns: { message: 'other' }, fields: [] };
  expect(find('{"kind":"request","a":1}', parse)).toMatchObject({ text: '"kind":"request","a":⟨1⟩', fixed: [0] });
});

it('fixes a value that is left out for what it is', () => {
  const parse = ({ name, a }: JsonObject) => app(name === 'INFO' ? { a } : { name, a });
  expect(find('{"name":"INFO","a":1}', parse)).toMatchObject({ text: '"a":⟨1⟩', fixed: [0] });
});

it('finds nothing where all marks together make another line, and none does alone', () => {
  const parse = ({ a, b }: JsonObject): Parsed =>
    a === 'x' || b === 'y' ? app({ a, b }) : { type: 'access', columns: { client_ip: '-' }, fields: [] };
  expect(find('{"a":"x","b":"y"}', parse)).toBeUndefined();
});

it('takes no number or text for a mark that only looks like one', () => {
  const parse = ({ a, n }: JsonObject) => app({ a, n, port: 60_007, text: '\ue000mark9' });
  expect(find('{"a":"x","n":1}', parse)?.text).toBe('"a":"⟨0⟩","n":⟨1⟩,"port":60007,"text":"\u00ee\u0080\u0080mark9"');
});

it('fixes a text of a column that a format takes the line by', () => {
  const parse = ({ target, a }: JsonObject): Parsed =>
    String(target).includes('::')
      ? { type: 'app', columns: { logger: String(target) }, fields: [['a', a]] }
      : app({ target, a });
  const texts = new Map([[0, 'logger']]);
  expect(find('{"target":"shop::pay","a":1}', parse, [1], texts)).toMatchObject({ text: '"a":⟨1⟩', fixed: [0] });
  const taken = ({ target, a }: JsonObject): Parsed =>
    ({ ...parse({ target: 'x::y', a }), columns: { logger: String(target) } }) as Parsed;
  expect(find('{"target":"shop::pay","a":1}', taken, [1], texts)).toMatchObject({ text: '"a":⟨1⟩', fixed: [] });
});
