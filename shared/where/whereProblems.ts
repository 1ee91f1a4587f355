import type { PlacedProblem, ProblemPath } from '../yaml/source.js';
import { parseBlock } from './cidr.js';
import { type FieldMatcher, isList, partsOf, type Where } from './clause.js';

interface PlacedMatcher {
  readonly path: ProblemPath;
  readonly matcher: FieldMatcher;
}

export interface PlacedPattern {
  readonly path: ProblemPath;
  /** As it is written. */
  readonly source: string;
}

/** The regular expressions of a where-clause. */
export function patternsIn(where: Where, path: ProblemPath): PlacedPattern[] {
  return matchersIn(where, path).flatMap(({ matcher, path }) => {
    const { regex } = conditionsOf(matcher);
    return regex === undefined ? [] : [{ path: [...path, 'regex'], source: regex }];
  });
}

/** Address blocks that are none. */
export function badBlocks(where: Where, path: ProblemPath): PlacedProblem[] {
  return matchersIn(where, path).flatMap(({ matcher, path }) => {
    const { cidr = [] } = conditionsOf(matcher);
    const blocks =
      typeof cidr === 'string' ? [{ block: cidr, at: [] }] : cidr.map((block, at) => ({ block, at: [at] }));
    return blocks
      .filter(({ block }) => !parseBlock(block))
      .map(({ block, at }) => ({
        path: [...path, 'cidr', ...at],
        message: `"${block}" is no address block; write one such as 10.0.0.0/8 or 2001:db8::/32`,
      }));
  });
}

/** The columns that a where-clause names, each where it stands. */
export function namesWithin(where: Where, path: ProblemPath): { readonly name: string; readonly path: ProblemPath }[] {
  const { columns, any = [], all, not } = partsOf(where);
  return [
    ...columns.map(([name]) => ({ name, path: [...path, name] })),
    ...any.flatMap((part, index) => namesWithin(part, [...path, 'any', index])),
    ...all.flatMap((part, index) => namesWithin(part, [...path, 'all', index])),
    ...(not ? namesWithin(not, [...path, 'not']) : []),
  ];
}

/** All the matchers of a where-clause, those inside others included. */
function matchersIn(where: Where, path: ProblemPath): PlacedMatcher[] {
  const { columns, any = [], all, not } = partsOf(where);
  return [
    ...columns.flatMap(([name, matcher]) => unfold({ matcher, path: [...path, name] })),
    ...any.flatMap((part, index) => matchersIn(part, [...path, 'any', index])),
    ...all.flatMap((part, index) => matchersIn(part, [...path, 'all', index])),
    ...(not ? matchersIn(not, [...path, 'not']) : []),
  ];
}

function unfold(placed: PlacedMatcher): PlacedMatcher[] {
  const { path } = placed;
  const { not, any = [], all = [] } = conditionsOf(placed.matcher);
  return [
    placed,
    ...(not === undefined ? [] : unfold({ matcher: not, path: [...path, 'not'] })),
    ...any.flatMap((matcher, index) => unfold({ matcher, path: [...path, 'any', index] })),
    ...all.flatMap((matcher, index) => unfold({ matcher, path: [...path, 'all', index] })),
  ];
}

type Conditions = Exclude<Extract<FieldMatcher, object>, readonly unknown[]>;

function conditionsOf(matcher: FieldMatcher): Conditions {
  return typeof matcher !== 'object' || isList(matcher) ? {} : matcher;
}
