import { urlProblem } from '../webhook/url.js';
import type { PlacedProblem, ProblemPath } from '../yaml/source.js';

export function badUrl(url: string, path: ProblemPath): PlacedProblem[] {
  const problem = urlProblem(url);
  return problem === undefined ? [] : [{ path, message: `${path.join('.')} ${problem}` }];
}

/** @param alsoTaken in lower case, beside those that are set for every request */
export function badHeaders(
  headers: Readonly<Record<string, string>> = {},
  path: ProblemPath,
  alsoTaken: readonly string[] = [],
): PlacedProblem[] {
  const taken = ['content-type', 'content-length', 'host', ...alsoTaken];
  return Object.keys(headers)
    .filter((name) => taken.includes(name.toLowerCase()))
    .map((name) => ({
      path: [...path, name],
      on: 'key' as const,
      message: `the header "${name}" is set by Firesplit itself; leave it out`,
    }));
}

/** That a section has one of these keys and no other of them. */
export function exactlyOne(value: object, keys: readonly string[], path: ProblemPath): PlacedProblem[] {
  const stated = keys.filter((key) => key in value);
  if (stated.length === 1) return [];
  if (stated.length > 1) return [{ path, message: `it has ${listed(stated, 'both', 'and')}; write one of them` }];
  return [{ path, message: `it has ${listed(keys, 'neither', 'nor')}; write one of them` }];
}

/** `neither "a" nor "b"`; of more than two, `"a", "b" and "c"` or `none of "a", "b" and "c"`. */
function listed(keys: readonly string[], ofTwo: 'both' | 'neither', between: 'and' | 'nor'): string {
  const quoted = keys.map((key) => `"${key}"`);
  const last = quoted.at(-1) ?? '';
  if (quoted.length === 2) return `${ofTwo} ${quoted[0]} ${between} ${last}`;
  return `${ofTwo === 'both' ? '' : 'none of '}${quoted.slice(0, -1).join(', ')} and ${last}`;
}
