import type { Mutant } from './mutant.js';

export interface Survivor {
  readonly mutant: Mutant;
  /** How many test files passed with it. */
  readonly asked: number;
  /** Test files that import the mutated one too, but from farther away. */
  readonly unasked: number;
}

export type Verdict = 'passed' | 'failed' | 'timed out';

/** A copy of the project in which tests run. */
export interface Copy {
  apply(mutant: Mutant): Promise<void>;
  restore(mutant: Mutant): Promise<void>;
  test(file: string, deadlineMs: number): Promise<Verdict>;
}

interface Options {
  readonly copy: (name: string) => Promise<Copy>;
  /** The test files for a source file, the nearest first. */
  readonly testsOf: (file: string) => readonly string[];
  /** Test files asked before a mutant counts as survived. */
  readonly tests: number;
  /** Mutants tried at a time. */
  readonly jobs: number;
  readonly onSurvivor: (survivor: Survivor) => void;
  /** A test file that fails without any change says nothing about mutants. */
  readonly onBrokenTest: (file: string) => void;
}

/** Runs the tests of each mutant in a copy of the project, until one of them fails or takes too long. */
export async function tryMutants(mutants: readonly Mutant[], options: Options): Promise<Survivor[]> {
  const deadlineOf = deadlines(await options.copy('unmutated'), options);
  const survivors: Survivor[] = [];
  // One iterator for all the jobs: each takes the next mutant when it is done with the last.
  const waiting = mutants.values();
  const jobs = Array.from({ length: options.jobs }, async (_, index) => {
    const copy = await options.copy(`${index}`);
    for (const mutant of waiting) {
      const survivor = await tryMutant(mutant, copy, deadlineOf, options);
      if (!survivor) continue;
      survivors.push(survivor);
      options.onSurvivor(survivor);
    }
  });
  // Every job is done with its copy when this returns, whichever failed.
  for (const end of await Promise.allSettled(jobs)) if (end.status === 'rejected') throw end.reason;
  return survivors;
}

/** By test file: how long it may take with a mutant, in milliseconds; undefined when it fails without any. */
type Deadlines = (test: string) => Promise<number | undefined>;

/** Each test file is run once without any change, when it is first asked. */
function deadlines(unmutated: Copy, { onBrokenTest }: Options): Deadlines {
  const known = new Map<string, ReturnType<Deadlines>>();
  const measure = async (test: string) => {
    const start = performance.now();
    const verdict = await unmutated.test(test, HOPELESS);
    if (verdict === 'passed') return Math.round(GRACE + GENEROUS * (performance.now() - start));
    onBrokenTest(test);
    return undefined;
  };
  return (test) => {
    const deadline = known.get(test) ?? measure(test);
    known.set(test, deadline);
    return deadline;
  };
}

/** Longer than any test file takes on a slow machine, in milliseconds. */
const HOPELESS = 600_000;
/** A machine that does other work too must not look like a loop without end. */
const GRACE = 10_000;
const GENEROUS = 3;

async function tryMutant(
  mutant: Mutant,
  copy: Copy,
  deadlineOf: Deadlines,
  { testsOf, tests: most }: Options,
): Promise<Survivor | undefined> {
  const tests = testsOf(mutant.source.path);
  const nearest = tests.slice(0, most);
  let asked = 0;
  await copy.apply(mutant);
  try {
    for (const test of nearest) {
      const deadline = await deadlineOf(test);
      if (deadline === undefined) continue;
      if ((await copy.test(test, deadline)) !== 'passed') return undefined;
      asked++;
    }
    return { mutant, asked, unasked: tests.length - nearest.length };
  } finally {
    await copy.restore(mutant);
  }
}
