import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Mutant, mutate } from './mutant.js';
import type { Copy, Verdict } from './trial.js';

/** A folder with a copy of the project, so that the project itself is never changed. */
export class Tree implements Copy {
  private constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @param signal ends the tests that run, which then throw. */
  static async copy(project: string, folder: string, signal: AbortSignal): Promise<Tree> {
    await cp(project, folder, { recursive: true, filter: (path) => !left.has(basename(path)) });
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    return new Tree(folder, signal);
  }

  async apply(mutant: Mutant): Promise<void> {
    await writeFile(join(this.folder, mutant.source.path), mutate(mutant));
  }

  async restore({ source }: Mutant): Promise<void> {
    await writeFile(join(this.folder, source.path), source.text);
  }

  /** Runs one test file. Property tests get the same examples every time. */
  async test(file: string, deadlineMs: number): Promise<Verdict> {
    this.signal.throwIfAborted();
    const jest = spawn(
      process.execPath,
      [...nodeOptions, join(this.folder, 'node_modules/jest/bin/jest.js'), ...jestOptions, file],
      {
        cwd: this.folder,
        env: { ...process.env, FC_SEED: '20261122' },
        stdio: 'ignore',
        timeout: deadlineMs,
        killSignal: 'SIGKILL',
      },
    );
    const kill = () => jest.kill('SIGKILL');
    this.signal.addEventListener('abort', kill, { once: true });
    const [code] = await once(jest, 'close');
    this.signal.removeEventListener('abort', kill);
    this.signal.throwIfAborted();
    if (code === 0) return 'passed';
    return jest.signalCode === 'SIGKILL' ? 'timed out' : 'failed';
  }
}

const left: ReadonlySet<string> = new Set(['node_modules', 'dist', 'coverage', '.git', '.serverless', '.firesplit']);

/** A mutant that collects without end fails before the machine is out of memory. */
const nodeOptions = ['--experimental-vm-modules', '--no-warnings', '--max-old-space-size=1536'];
/** The cache is beside the tests, and goes with them. */
const jestOptions = ['--runInBand', '--silent', '--watchman=false', '--cacheDirectory=.jest-cache', '--runTestsByPath'];
