import { setFlagsFromString } from 'node:v8';

/**
 * Imported before any regular expression is compiled: one that backtracks too often is taken over by V8's
 * linear-time engine, if that can run it. It can run no lookaround, no backreference and no flag `i`: `firesplit config
 * check` refuses such patterns, and a test looks for what could hang among those of the code.
 *
 * https://v8.dev/blog/non-backtracking-regexp
 */
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
