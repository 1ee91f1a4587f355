import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { describeMutant, mutantsOf, mutate } from '../../../tools/mutants/mutant.js';
import { readSources } from '../../../tools/mutants/sources.js';

describe('the mutants', () => {
  it.each([
    ['if (a) b = 1n;', ['condition  a -> !(a)']],
    ['while (a.b) c;', ['condition  a.b -> !(a.b)']],
    ['x = a ? b : c;', ['condition  a -> !(a)']],
    ['for (;a;) b;', ['condition  a -> !(a)']],
    ['if (!a) b;', ['not  !a -> a']],
    ['if (a === b) c;', ['equality  === -> !==']],
    ['x = a && b || c;', ['logical  || -> &&', 'logical  && -> ||']],
    ['x = a ?? b;', ['default  a ?? b -> a']],
    ['x ??= b;', ['default  ??= -> =']],
    ['x = a?.b;', ['optional-chain  ?. -> .']],
    ['x = a?.[b];', ['optional-chain  ?. -> (nothing)']],
    ['x = a?.(b);', ['optional-chain  ?. -> (nothing)']],
    ['x = a !== b;', ['equality  !== -> ===']],
    ['x = a <= b;', ['boundary  <= -> <']],
    ['x = a > b;', ['boundary  > -> >=']],
    ['x = a + b;', ['arithmetic  + -> -']],
    ['x -= a;', ['arithmetic  -= -> +=']],
    ['x = a % b;', ['arithmetic  % -> *']],
    ['x++;', ['step  x++ -> x--']],
    ['--x;', ['step  --x -> ++x']],
    ['x = 1_000;', ['number  1_000 -> 1001', 'number  1_000 -> 999']],
    ['x = 0;', ['number  0 -> 1', 'number  0 -> (-1)']],
    ['x = true;', ['boolean  true -> false']],
    ['this.sink.entry(row);', ['call  this.sink.entry(row); -> ;']],
    ['await a.flush();', ['call  await a.flush(); -> ;']],
    ['function f() { if (a) return b; }', ['condition  a -> !(a)', 'guard  if (a) return b; -> ;']],
    ['if (a) { throw b; }', ['condition  a -> !(a)', 'guard  if (a) { throw b; } -> ;']],
    ['x = a.some(b);', ['method  some -> every']],
    ['x = a.endsWith(b);', ['method  endsWith -> startsWith']],
    ['x = Math.max(a, b);', ['method  max -> min']],
    ['x = /a/gu;', ['flag  /a/gu -> /a/u']],
  ])('of `%s` are %j', (text, expected) => {
    expect(mutantsIn(text).sort()).toEqual([...expected].sort());
  });

  it.each([
    ["import { a } from './a.js';"],
    ['type A = { b: true; c: 1 } | undefined;'],
    ['interface A { readonly undated?: true }'],
    ['const a = b as 1;'],
    ['// if (a) return true;'],
    ["x = a + ' ' + b;"],
    ["x += 'a';"],
    ['x = `a` + b;'],
    ["const a = { samples: [{ of: 'nginx', line: 'a'.repeat(3) }] };"],
    ["const a = { status: { type: 'int', doc: 'At ' + (1 + 1) } };"],
    ['const a = { 200: b };'],
    ['class A extends B { constructor() { super(); } }'],
    ['x = a.min(b);'],
    ['x = /a/u;'],
    ['x = 1e30;'],
  ])('of `%s` are none', (text) => {
    expect(mutantsIn(text)).toEqual([]);
  });

  it('leave the rest of the file as it is', () => {
    const [mutant, ...others] = mutantsOf({ path: 'shared/a.ts', text: 'let x;\nx = a  <  b; // why\n' });
    expect(others).toEqual([]);
    expect(mutant && mutate(mutant)).toBe('let x;\nx = a  <=  b; // why\n');
    expect(mutant && describeMutant(mutant)).toBe('shared/a.ts:2:8 boundary  < -> <=');
  });

  it('are told on one line, however long the code is', () => {
    const text = `if (\n  ${'a || '.repeat(40)}a\n) b;`;
    expect(mutantsIn(text)[0]).toMatch(/^condition {2}a \|\| [a| ]+… -> !\(a \|\| [a| ]+…$/);
  });

  it('of the project can be parsed', () => {
    const sample = readSources(process.cwd(), ['shared'])
      .flatMap(mutantsOf)
      .filter((_, index) => index % 200 === 0);
    expect(sample.length).toBeGreaterThan(10);
    expect(sample.filter((mutant) => !canBeParsed(mutate(mutant))).map(describeMutant)).toEqual([]);
  });
});

function mutantsIn(text: string): string[] {
  return mutantsOf({ path: 'shared/a.ts', text }).map((mutant) => describeMutant(mutant).replace(/^\S+ /, ''));
}

function canBeParsed(text: string): boolean {
  const { diagnostics } = ts.transpileModule(text, {
    reportDiagnostics: true,
    compilerOptions: { module: ts.ModuleKind.ESNext },
  });
  return diagnostics?.length === 0;
}
