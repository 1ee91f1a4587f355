import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * Runs `<what>.bench.ts` in a process of its own, so that nothing measured before has a part in it.
 *
 * @param request its only argument, as JSON
 * @returns what it printed: JSON
 */
export async function measureAlone<T>(
  what: 'invocation' | 'lanes' | 'endpoint' | 'alerts',
  request: unknown,
): Promise<T> {
  const program = resolve(`dist/bench/${what}.bench.mjs`);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, JSON.stringify(request)]);
  return JSON.parse(stdout) as T;
}
