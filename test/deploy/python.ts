import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from './run.js';

/**
 * The folder of the programs of a Python environment with test/deploy/requirements.txt, in the user's cache: it is made once for
 * each content of that file. PYTHON names the interpreter.
 */
export async function pythonPrograms(): Promise<string> {
  const requirements = 'test/deploy/requirements.txt';
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
    .slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'firesplit', `deploy-${hash}`);
  const programs = join(folder, 'bin');
  if (existsSync(join(programs, 'ministack')) && existsSync(join(programs, 'cfn-lint'))) return programs;
  await rm(folder, { recursive: true, force: true });
  await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--disable-pip-version-check'];
  await run(join(programs, 'python'), ['-m', 'pip', 'install', ...quiet, '-r', requirements]);
  return programs;
}
