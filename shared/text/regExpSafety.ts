import { setFlagsFromString } from 'node:v8';
import { compilePattern } from './pattern.js';

/**
 * Why a regular expression is refused: it is not valid, or some text could keep a function busy with it for minutes.
 * Accepted is what V8's linear-time engine can take over at run time, unless it is known to be exponential, and what
 * the checker knows to be safe without that. Undefined for an expression that is accepted.
 */
export async function refusalOf(pattern: string): Promise<string | undefined> {
  let source: string;
  try {
    source = compilePattern(pattern).source;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    return `not a valid regular expression: ${reason}`;
  }
  if (!repeatsGroup(source) && runsInLinearTime(source)) return undefined;
  const found = await check(source);
  if (found.status === 'vulnerable' && found.complexity.type === 'exponential') {
    return `the expression takes exponential time on a text such as ${found.attack.pattern}; let no repetition stand in another, nor alternatives overlap in one`;
  }
  if (found.status !== 'safe' && !runsInLinearTime(source)) {
    return 'the expression is not known to run in linear time; write it without lookaround, backreferences and large counts';
  }
  return undefined;
}

/**
 * Only a group that is repeated, with choices inside, can take exponential time. Most expressions have none, and the
 * checker takes up to seconds for each.
 */
function repeatsGroup(source: string): boolean {
  return /\)(?:[*+]|\{\d+,?\d*\})/.test(source);
}

async function check(source: string) {
  // The checker's JavaScript build: the native one would start a process of its own.
  process.env.RECHECK_BACKEND ??= 'pure';
  const { checkSync } = await import('recheck');
  return checkSync(source, '', { timeout: 2000 });
}

/** V8 throws for an expression that its linear-time engine can't run. https://v8.dev/blog/non-backtracking-regexp */
function runsInLinearTime(source: string): boolean {
  setFlagsFromString('--enable-experimental-regexp-engine');
  try {
    new RegExp(source, 'l');
    return true;
  } catch {
    return false;
  }
}
