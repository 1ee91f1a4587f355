import { expect, it } from '@jest/globals';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { readSources } from '../../tools/mutants/sources.js';

/** A regular expression as it stands in the code. */
interface Expression {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** Only a group that is repeated can take exponential time. */
const repeatedGroup = /\)(?:[*+]|\{\d+,?\d*\})/;

const expressions = readSources(process.cwd(), ['shared']).flatMap(({ path, text }) => {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(node.text) ?? [];
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      if (repeatedGroup.test(source))
        found.push({ place: `${path}:${line}`, source, flags: flags.replace(/[dgy]/g, '') });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
});

/** @param timeout milliseconds: what takes the checker longer is not known, as with some long ones */
function isExponential({ source, flags }: Pick<Expression, 'source' | 'flags'>, timeout: number): boolean {
  // The checker's JavaScript build: the native one would start a process of its own.
  process.env.RECHECK_BACKEND ??= 'pure';
  const found = checkSync(source, flags, { timeout });
  return found.status === 'vulnerable' && found.complexity.type === 'exponential';
}

it('no expression takes exponential time', () => {
  expect(isExponential({ source: '^(?:[a-f]|unix:[a-z]+)+$', flags: 'i' }, 30_000)).toBe(true);
  expect(expressions.length).toBeGreaterThan(20);
  expect(expressions.filter((expression) => isExponential(expression, 500))).toEqual([]);
});
