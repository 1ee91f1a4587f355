import { measureAlone } from './alone.js';
import { baseline } from './baseline.js';
import type { Corpus, CorpusName } from './corpus.js';
import { floorOf, recordsOf, type Transform } from './invocation.js';
import { type Cost, measure } from './measure.js';

/** One corpus through the transform, beside the baseline and the floor. CPU times are of all threads, in seconds per GB of raw lines. */
export interface InvocationResult {
  readonly corpus: CorpusName;
  readonly rawBytes: number;
  readonly lines: number;
  readonly transform: Speed;
  readonly baseline: Speed;
  /** The baseline's own time by the transform's. */
  readonly ratio: { readonly deployed: number; readonly withoutRules: number };
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
export interface InvocationSample {
  readonly rawBytes: number;
  readonly lines: number;
  readonly cost: Readonly<Record<'transform' | 'floor' | 'baseline' | 'baselineFloor', Cost>>;
}

interface Speed {
  /** MB (1,000,000 bytes) of raw lines for each second of CPU. */
  readonly mbPerSecond: number;
  readonly eventsPerSecond: number;
  readonly cpuPerGb: number;
  /** CPU less the floor: gunzip of the same input, gzip of the same output. */
  readonly ownPerGb: number;
}

/**
 * The transform with rules and the one without have processes of their own, as a deployed function has one set of rules: in
 * one process V8 compiles code that has to serve both.
 */
export async function measureInvocation(corpus: CorpusName, rawBytes: number, runs: number): Promise<InvocationResult> {
  const measureOne = (withRules: boolean) =>
    measureAlone<InvocationSample>('invocation', { corpus, rawBytes, runs, withRules } satisfies InvocationRequest);
  const [deployed, withoutRules] = [await measureOne(true), await measureOne(false)];
  // Both processes measured these.
  const least = (what: 'floor' | 'baseline' | 'baselineFloor') =>
    Math.min(deployed.cost[what].cpu, withoutRules.cost[what].cpu);
  const transform = speed(deployed, deployed.cost.transform.cpu, least('floor'));
  const bare = speed(withoutRules, withoutRules.cost.transform.cpu, least('floor'));
  const usual = speed(deployed, least('baseline'), least('baselineFloor'));
  return {
    corpus,
    rawBytes: deployed.rawBytes,
    lines: deployed.lines,
    transform,
    baseline: usual,
    ratio: { deployed: usual.ownPerGb / transform.ownPerGb, withoutRules: usual.ownPerGb / bare.ownPerGb },
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
  return { rawBytes: corpus.rawBytes, lines: corpus.lines, cost };
}

function speed({ rawBytes, lines }: Pick<Corpus, 'rawBytes' | 'lines'>, cpuMs: number, floorMs: number): Speed {
  return {
    mbPerSecond: rawBytes / 1e6 / (cpuMs / 1000),
    eventsPerSecond: lines / (cpuMs / 1000),
    cpuPerGb: cpuMs / 1000 / (rawBytes / GB),
    ownPerGb: (cpuMs - floorMs) / 1000 / (rawBytes / GB),
  };
}

/** As AWS bills: 2^30 bytes. */
const GB = 2 ** 30;
