import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { describeMutant, type Mutant, mutantsOf } from './mutant.js';
import { nearestTests } from './nearestTests.js';
import { pick } from './pick.js';
import { readSources } from './sources.js';
import { Tree } from './tree.js';
import { type Survivor, tryMutants } from './trial.js';

/** `npm run mutants`: changes the code in small ways, one at a time, and lists the changes that no test noticed. Run it in the project's folder. */
const command = new Command('mutants')
  .description('Change shared/ in small ways, one at a time, and list the changes that no test notices.')
  .option('--count <n>', 'mutants to try', toCount, 100)
  .option('--seed <text>', 'which ones: the same seed picks the same', '1')
  .option('--file <prefix>', 'only those whose path starts so', 'shared/')
  .option('--tests <n>', 'test files to ask before a mutant counts as survived, the nearest first', toCount, 20)
  .option('--jobs <n>', 'mutants tried at a time', toCount, Math.min(2, availableParallelism()))
  .option('--max <percent>', 'exit with 1 when more than these survive', toPercent)
  .option('--list', 'only print the mutants', false)
  .parse();
const options = command.opts<{
  count: number;
  seed: string;
  file: string;
  tests: number;
  jobs: number;
  max?: number;
  list: boolean;
}>();

const sources = readSources(process.cwd(), ['shared']).filter(({ path }) => path.startsWith(options.file));
if (sources.length === 0) command.error(`error: no file of shared/ starts with '${options.file}'`);
const mutants = pick(sources.flatMap(mutantsOf), options.count, options.seed);
console.log(`seed ${options.seed}: ${mutants.length} mutants of ${options.file}`);

if (options.list) for (const mutant of mutants) console.log(describeMutant(mutant));
else await run(mutants);

async function run(mutants: readonly Mutant[]): Promise<void> {
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupt.abort());
  const project = process.cwd();
  const folder = await mkdtemp(join(tmpdir(), 'firesplit-mutants-'));
  try {
    const survivors = await tryMutants(mutants, {
      ...options,
      copy: (name) => Tree.copy(project, join(folder, name), interrupt.signal),
      testsOf: nearestTests(readSources(project, ['shared', 'functions', 'local', 'test'])),
      onSurvivor: print,
      onBrokenTest: (file) => console.error(`${file} fails without any change: not asked`),
    });
    const share = mutants.length === 0 ? 0 : (100 * survivors.length) / mutants.length;
    console.log(
      `${mutants.length} mutants, ${mutants.length - survivors.length} killed, ${survivors.length} survived (${share.toFixed(1)} %)`,
    );
    if (options.max !== undefined && share > options.max) process.exitCode = 1;
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    console.error('interrupted');
    process.exitCode = 130;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function print({ mutant, asked, unasked }: Survivor): void {
  const more = unasked > 0 ? `; ${unasked} farther ones not asked` : '';
  console.log(`${describeMutant(mutant)}  (${asked} test files${more})`);
}

function toCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('A whole number from 1 is needed.');
  return count;
}

function toPercent(text: string): number {
  const percent = Number(text);
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('A number from 0 to 100 is needed.');
  return percent;
}
