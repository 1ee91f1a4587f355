import { measureAlone } from './alone.js';
import { baseline } from './baseline.js';
import type { Corpus, CorpusName } from './corpus.js';
import { floorOf, recordsOf, type Transform } from './invocation.js';
import { measure } from './measure.js';

/** One corpus through the transform, beside the baseline and the floor. CPU times are of all threads, in seconds per GB of raw lines. */
export interface InvocationResult {
  readonly corpus: CorpusName;
  readonly rawBytes: number;
  readonly lines: number;
  readonly transform: Speed;
  readonly baseline: Speed;
  /** The baseline's own time by the transform's. */
  readonly ratio: { readonly deployed: number; readonly withoutRules: number };
  /** Part of the transform's CPU time that is spared without rules, 0 to 1. */
  readonly rulesShare: number;
}

/** What invocation.bench.ts is started with. */
export interface InvocationRequest {
  readonly corpus: CorpusName;
  readonly rawBytes: number;
  readonly runs: number;
  /** Those that are deployed. */
  readonly withRules: boolean;
}

/** What it prints. */
export type InvocationSample = Omit<InvocationResult, 'corpus' | 'ratio' | 'rulesShare'>;

interface Speed {
  /** MB (1,000,000 bytes) of raw lines for each second of CPU. */
  readonly mbPerSecond: number;
  readonly eventsPerSecond: number;
  readonly cpuPerGb: number;
  /** CPU less the floor: gunzip of the same input, gzip of the same output. */
  readonly ownPerGb: number;
}

/**
 * The transform with rules and the one without have a process each, as a deployed function has one set of rules: in one process
 * V8 compiles code that has to serve both.
 */
export async function measureInvocation(corpus: CorpusName, rawBytes: number, runs: number): Promise<InvocationResult> {
  const measureOne = (withRules: boolean) =>
    measureAlone<InvocationSample>('invocation', { corpus, rawBytes, runs, withRules } satisfies InvocationRequest);
  const [deployed, withoutRules] = [await measureOne(true), await measureOne(false)];
  const ratioOf = (sample: InvocationSample) => sample.baseline.ownPerGb / sample.transform.ownPerGb;
  return {
    corpus,
    ...deployed,
    ratio: { deployed: ratioOf(deployed), withoutRules: ratioOf(withoutRules) },
    rulesShare: 1 - withoutRules.transform.cpuPerGb / deployed.transform.cpuPerGb,
  };
}

/** One transform with the baseline, taking turns. */
export async function measureTransform(
  corpus: Corpus,
  transform: Transform,
  gzipLevel: number,
  runs: number,
): Promise<InvocationSample> {
  const records = recordsOf(corpus);
  const output = (await transform.run(records, gzipLevel)).flatMap(({ members }) => members);
  const cost = await measure(
    {
      transform: () => transform.run(records, gzipLevel),
      floor: floorOf(corpus, output, gzipLevel),
      baseline: () => baseline(corpus.records, gzipLevel),
      baselineFloor: floorOf(corpus, baseline(corpus.records, gzipLevel), gzipLevel),
    },
    runs,
  );
  return {
    rawBytes: corpus.rawBytes,
    lines: corpus.lines,
    transform: speed(corpus, cost.transform.cpu, cost.floor.cpu),
    baseline: speed(corpus, cost.baseline.cpu, cost.baselineFloor.cpu),
  };
}

function speed({ rawBytes, lines }: Corpus, cpuMs: number, floorMs: number): Speed {
  return {
    mbPerSecond: rawBytes / 1e6 / (cpuMs / 1000),
    eventsPerSecond: lines / (cpuMs / 1000),
    cpuPerGb: cpuMs / 1000 / (rawBytes / GB),
    ownPerGb: (cpuMs - floorMs) / 1000 / (rawBytes / GB),
  };
}

/** As AWS bills: 2^30 bytes. */
const GB = 2 ** 30;
