import { execFile } from 'node:child_process';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Config } from '../../shared/config/config.js';
import { ConfigError, loadConfig, parseConfig } from '../../shared/config/load.js';
import { parseRules, RuleFileError } from '../../shared/rules/language/loadRules.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import type { SourceFile } from '../../shared/yaml/source.js';

/** Rules and the configuration of their alerts as a commit has them. */
export interface RulesSince {
  readonly rules: readonly Rule[];
  readonly config: Config;
  /** The commit, as `git rev-parse --short` names it. */
  readonly commit: string;
}

/**
 * Reads a folder of rules and a configuration as they were at a commit. Neither has to be in it: a folder that is not has no rules, and
 * without a configuration there are the defaults. A configuration that lies outside of the repository, or that git ignores, has no earlier
 * version: it is taken as it is.
 *
 * @param since a branch, tag or commit
 * @throws Error that says what git can't find; RuleFileError or ConfigError when this version can't read what it found
 */
export async function rulesSince(since: string, dir: string, configPath: string): Promise<RulesSince> {
  const commit = await commitOf(since, dir);
  const isKept = (await keeping(dir, configPath)) === 'kept';
  const config = isKept ? await configAt(commit, configPath) : await loadConfig(configPath);
  const names = (await git(dir, ['ls-tree', '--name-only', '-z', commit, './'])).split('\0');
  const files = await Promise.all(
    names
      .filter((name) => /\.ya?ml$/.test(name))
      .sort()
      .map((name) => fileAt(commit, join(dir, basename(name)))),
  );
  if (files.length === 0 && (await keeping(dir, dir)) === 'ignored') {
    throw new Error(`git ignores ${dir}, so there are no rules of before; name a folder of rules that is committed`);
  }
  const { rules, problems } = await parseRules(files, config.alerts);
  if (problems.length > 0) throw new RuleFileError(problems);
  return { rules, config, commit };
}

async function commitOf(since: string, dir: string): Promise<string> {
  const find = async (name: string) => (await git(dir, [...shortCommit, `${name}^{commit}`])).trim();
  try {
    return await find(since);
  } catch (error) {
    const ofRemote = `origin/${since}`;
    const isThere = await find(ofRemote).catch(() => undefined);
    throw unknownCommit(since, dir, isThere && ofRemote, error as GitFailure);
  }
}

const shortCommit = ['rev-parse', '--short', '--verify', '--quiet', '--end-of-options'];

/** Whether git keeps versions of a file or folder, as far as the repository around `dir` knows. */
async function keeping(dir: string, path: string): Promise<'kept' | 'ignored' | 'outside'> {
  try {
    await git(dir, ['check-ignore', '--quiet', '--', resolve(path)]);
    return 'ignored';
  } catch (error) {
    return (error as GitFailure).code === NOT_IGNORED ? 'kept' : 'outside';
  }
}

/** https://git-scm.com/docs/git-check-ignore#_exit_status */
const NOT_IGNORED = 1;

async function configAt(commit: string, path: string): Promise<Config> {
  const listed = await git(dirname(path), ['ls-tree', '--name-only', commit, `./${basename(path)}`]);
  if (listed === '') return {};
  const { config, problems } = await parseConfig(await fileAt(commit, path));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Its path names the commit, so that problems are looked for in the right version. */
async function fileAt(commit: string, path: string): Promise<SourceFile> {
  return { path: `${commit}:${path}`, text: await git(dirname(path), ['show', `${commit}:./${basename(path)}`]) };
}

async function git(dir: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('git', ['-C', dir, ...args], { maxBuffer: MAX_FILE });
  return stdout;
}

/** What execFile rejects with: the exit status, or why git did not start. */
interface GitFailure {
  readonly code?: unknown;
  readonly stderr?: string;
}

/** Bytes of a file that git may print. */
const MAX_FILE = 64 * 2 ** 20;

function unknownCommit(
  since: string,
  dir: string,
  other: string | undefined,
  { code, stderr = '' }: GitFailure,
): Error {
  if (code === 'ENOENT') return new Error('git is not installed; rules diff reads the rules of before from it');
  if (stderr.includes('not a git repository')) {
    return new Error(`${dir} is not in a git repository; rules diff compares it with an earlier commit`);
  }
  // Git says nothing of a name that it does not know; of a repository that it may not read it says how to allow it.
  if (stderr !== '') return new Error(`git can not read the repository of ${dir}: ${stderr.trim()}`);
  if (other) return new Error(`--since ${since} is no commit of this clone; did you mean ${other}?`);
  const branch = since.replace(/^origin\//, '');
  return new Error(
    `--since ${since} is no commit of this clone; fetch it first (git fetch origin ${branch}), or name another; a clone of CI often has the newest commit alone (git fetch --unshallow; GitHub Actions: fetch-depth: 0)`,
  );
}
