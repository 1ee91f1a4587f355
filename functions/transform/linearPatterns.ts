import { setFlagsFromString } from 'node:v8';

/**
 * Imported before any regular expression is compiled: one that backtracks too often is taken over by V8's
 * linear-time engine, so that no line and no pattern of a user's can hang the function.
 *
 * https://v8.dev/blog/non-backtracking-regexp. `firesplit config check` refuses what that engine can't run.
 */
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
