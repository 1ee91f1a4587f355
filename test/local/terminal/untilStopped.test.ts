import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { untilStopped } from '../../../local/terminal/untilStopped.js';

let exitCode: typeof process.exitCode;
beforeEach(() => {
  exitCode = process.exitCode;
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  process.exitCode = exitCode;
  jest.restoreAllMocks();
});

const listeners = () => process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('aborts by %s, waits for what is removed, and exits with %i', async (stop, code) => {
  const before = listeners();
  let removed = false;
  await untilStopped(async (signal) => {
    process.emit(stop, stop);
    expect(signal.aborted).toBe(true);
    // The next one is for the process itself.
    expect(listeners()).toBe(before);
    await new Promise(setImmediate);
    removed = true;
    signal.throwIfAborted();
  });
  expect(removed).toBe(true);
  expect(process.exitCode).toBe(code);
});

it('leaves errors of its own and the exit code alone', async () => {
  const before = listeners();
  await untilStopped(async () => undefined);
  await expect(untilStopped(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(process.exitCode).toBe(exitCode);
  expect(listeners()).toBe(before);
  expect(console.error).not.toHaveBeenCalled();
});
