import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/**
 * Runs `<what>.bench.ts` in a process of its own, so that nothing measured before has a part in it.
 *
 * @param request its only argument, as JSON
 * @param variables of its environment, beside those of this process
 * @returns what it printed: JSON
 */
export async function measureAlone<T>(
  what: 'invocation' | 'lanes' | 'endpoint' | 'alerts' | 'storage' | 'scale',
  request: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<T> {
  const program = resolve(`dist/bench/${what}.bench.mjs`);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, JSON.stringify(request)], {
    env: { ...process.env, ...variables },
  });
  return JSON.parse(stdout) as T;
}
