import { describe, expect, it } from '@jest/globals';
import { listProblems, type PlacedProblem, parseSource } from '../../../shared/yaml/source.js';

const text = `rules:
  - name: orders
    where: { service: pay }
    7: seven
  -
    name: users
`;

function placeOf(yaml: string, path: PlacedProblem['path'], on?: 'key' | 'value'): string {
  const { line, column } = parseSource({ path: 'a.yml', text: yaml }).place({ path, message: 'm', ...(on && { on }) });
  return `${line}:${column}`;
}

describe('a problem', () => {
  it.each<[string, PlacedProblem['path'], 'key' | 'value' | undefined, string]>([
    ['the file', [], undefined, '1:1'],
    ['a value', ['rules', 0, 'name'], undefined, '2:11'],
    ['a key', ['rules', 0, 'name'], 'key', '2:5'],
    ['the key of a list', ['rules'], 'key', '1:1'],
    ['an item of a list', ['rules', 1], undefined, '6:5'],
    ['a value within an inline map', ['rules', 0, 'where', 'service'], undefined, '3:23'],
    ['a key within an inline map', ['rules', 0, 'where', 'service'], 'key', '3:14'],
    ['a key that is a number', ['rules', 0, '7'], 'key', '4:5'],
    ['a missing key, at the map around it', ['rules', 1, 'where'], 'key', '6:5'],
    ['an index of a map, at the map', ['rules', 1, 0], undefined, '6:5'],
    ['a missing item, at its list', ['rules', 2], undefined, '2:3'],
    ['what is missing within a text, at the text', ['rules', 1, 'name', 'x'], undefined, '6:11'],
  ])('on %s is placed there', (_, path, on, expected) => {
    expect(placeOf(text, path, on)).toBe(expected);
  });

  it('in an empty file is placed at its start', () => {
    expect(placeOf('', ['rules'], 'key')).toBe('1:1');
    expect(placeOf('\n\n', [])).toBe('1:1');
  });

  it('within a list of pairs as YAML 1.1 has them has a line and a column', () => {
    expect(placeOf('%YAML 1.1\n---\na: !!pairs\n  - {}\n', ['a', 0, 'b'], 'key')).toMatch(/^\d+:\d+$/);
  });
});

describe('parseSource', () => {
  it('gives the value of a file', () => {
    expect(parseSource({ path: 'a.yml', text: 'a: [1, b]' })).toMatchObject({ value: { a: [1, 'b'] } });
  });

  it('gives what is no YAML, with its line and column and one sentence', () => {
    const { problems } = parseSource({ path: 'a.yml', text: 'a: 1\nb: [1, 2\nc: 3\n' });
    expect(problems?.[0]).toEqual({
      path: 'a.yml',
      line: 3,
      column: 1,
      message: expect.stringMatching(/^[^\n]*[^:\n]$/),
    });
  });

  it('refuses a file that expands without end', () => {
    const lists = Array.from({ length: 9 }, (_, n) => `l${n + 1}: &l${n + 1} [${`*l${n}, `.repeat(9)}*l${n}]`);
    const { problems } = parseSource({ path: 'a.yml', text: ['l0: &l0 [x]', ...lists].join('\n') });
    expect(problems).toEqual([{ path: 'a.yml', line: 1, column: 1, message: expect.stringContaining('alias') }]);
  });
});

it('listProblems counts them and gives each its place', () => {
  const problem = { path: 'a.yml', line: 2, column: 3, message: 'no such key' };
  expect(listProblems([problem], 'a.yml')).toBe('1 problem in a.yml\na.yml:2:3 no such key');
  expect(listProblems([problem, problem], 'rules/')).toBe(
    '2 problems in rules/\na.yml:2:3 no such key\na.yml:2:3 no such key',
  );
});

it('names the line that a tab indents, once', () => {
  const message = 'the line is indented with a tab; YAML takes spaces alone';
  const { problems } = parseSource({ path: 'a.yml', text: '- name: a\n\twhere: x\n' });
  expect(problems).toEqual([{ path: 'a.yml', line: 2, column: 1, message }]);
  expect(parseSource({ path: 'a.yml', text: 'a: [\n' }).problems).toHaveLength(1);
});
