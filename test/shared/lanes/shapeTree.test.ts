import { expect, it } from '@jest/globals';
import type { Leaf } from '../../../shared/lanes/jsonScan.js';
import type { Shape } from '../../../shared/lanes/jsonShape.js';
import { ShapeTree } from '../../../shared/lanes/shapeTree.js';

function shapeOf(leaves: readonly Leaf[], tail: string, fixed: Shape['fixed'] = []): Shape {
  return {
    type: 'app',
    leaves,
    tail,
    time: 0,
    status: undefined,
    columns: [],
    constants: [],
    columnsEnd: '',
    fields: [],
    ofField: [],
    fixed,
    distinct: [],
    trials: 0,
  };
}

const number = (key: string): Leaf => ({ literal: `${key}:`, kind: 'number' });
const text = (key: string): Leaf => ({ literal: `${key}:\\"`, kind: 'text' });
const quoted = (key: string) => `\\"${key}\\"`;

it('finds each of the shapes that start alike, and the values of the line', () => {
  const a = shapeOf([number(`{${quoted('a')}`)], '}');
  const ab = shapeOf([number(`{${quoted('a')}`), text(`,${quoted('b')}`)], '\\"}');
  const aText = shapeOf([text(`{${quoted('a')}`)], '\\"}');
  const aEmpty = shapeOf([number(`{${quoted('a')}:\\"\\",${quoted('b')}`)], '}');
  const tree = new ShapeTree();
  for (const shape of [a, ab, aText, aEmpty]) tree.add(shape);
  const find = (line: string) => {
    const values: string[] = [];
    const record = `${line}","time":"x"}`;
    return [tree.find(record, 0, line.length, values), ...values];
  };
  expect(find('{\\"a\\":12}')).toEqual([a, '12']);
  expect(find('{\\"a\\":12,\\"b\\":\\"x\\"}')).toEqual([ab, '12', 'x']);
  expect(find('{\\"a\\":\\"x\\"}')).toEqual([aText, 'x']);
  expect(find('{\\"a\\":\\"\\",\\"b\\":7}')).toEqual([aEmpty, '7']);
  expect(find('{\\"a\\":12,\\"c\\":1}')[0]).toBeUndefined();
  expect(find('{\\"a\\":12} ')[0]).toBeUndefined();
  expect(find('{')[0]).toBeUndefined();
});

it('tells shapes apart by their fixed values, of which 64 differ at most', () => {
  const tree = new ShapeTree();
  const shapes = Array.from({ length: 65 }, (_, n) =>
    shapeOf([number(`{${quoted('a')}`)], '}', [{ index: 0, value: String(n) }]),
  );
  expect(shapes.map((shape) => tree.add(shape))).toEqual([...Array(64).fill(true), false]);
  const line = (n: number) => `{\\"a\\":${n}}`;
  expect(tree.find(`${line(3)}"`, 0, line(3).length, [])).toBe(shapes[3]);
  expect(tree.find(`${line(64)}"`, 0, line(64).length, [])).toBeUndefined();
});
