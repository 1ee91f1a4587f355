import { baseline } from './baseline.js';
import type { Corpus } from './corpus.js';
import { floorOf, recordsOf, type transforms } from './invocation.js';
import { type Cost, measure } from './measure.js';

/** One corpus through the transform, beside the baseline and the floor. CPU times are of all threads, in seconds per GB of raw lines. */
export interface InvocationResult {
  readonly corpus: string;
  readonly rawBytes: number;
  readonly lines: number;
  readonly transform: Speed;
  readonly baseline: Speed;
  /** The baseline's own time by the transform's: as deployed, with redaction only, and with neither redaction nor rules. */
  readonly ratio: { readonly deployed: number; readonly redaction: number; readonly bare: number };
  /** Part of the transform's CPU time, 0 to 1. */
  readonly share: { readonly redaction: number; readonly rules: number };
}

interface Speed {
  /** MB (1,000,000 bytes) of raw lines for each second of CPU. */
  readonly mbPerSecond: number;
  readonly eventsPerSecond: number;
  readonly cpuPerGb: number;
  /** CPU less the floor: gunzip of the same input, gzip of the same output. */
  readonly ownPerGb: number;
}

export async function measureInvocation(
  corpus: Corpus,
  { deployed, withoutRules, withoutRulesAndRedaction }: ReturnType<typeof transforms>,
  gzipLevel: number,
  runs: number,
): Promise<InvocationResult> {
  const records = recordsOf(corpus);
  const output = (await deployed.run(records, gzipLevel)).flatMap(({ members }) => members);
  const cost = await measure(
    {
      deployed: () => deployed.run(records, gzipLevel),
      redaction: () => withoutRules.run(records, gzipLevel),
      bare: () => withoutRulesAndRedaction.run(records, gzipLevel),
      floor: floorOf(corpus, output, gzipLevel),
      baseline: () => baseline(corpus.records, gzipLevel),
      baselineFloor: floorOf(corpus, baseline(corpus.records, gzipLevel), gzipLevel),
    },
    runs,
  );
  const own = (candidate: Cost) => candidate.cpu - cost.floor.cpu;
  const baselineOwn = cost.baseline.cpu - cost.baselineFloor.cpu;
  return {
    corpus: corpus.name,
    rawBytes: corpus.rawBytes,
    lines: corpus.lines,
    transform: speed(corpus, cost.deployed.cpu, own(cost.deployed)),
    baseline: speed(corpus, cost.baseline.cpu, baselineOwn),
    ratio: {
      deployed: baselineOwn / own(cost.deployed),
      redaction: baselineOwn / own(cost.redaction),
      bare: baselineOwn / own(cost.bare),
    },
    share: {
      redaction: (cost.redaction.cpu - cost.bare.cpu) / cost.deployed.cpu,
      rules: (cost.deployed.cpu - cost.redaction.cpu) / cost.deployed.cpu,
    },
  };
}

function speed({ rawBytes, lines }: Corpus, cpuMs: number, ownMs: number): Speed {
  return {
    mbPerSecond: rawBytes / 1e6 / (cpuMs / 1000),
    eventsPerSecond: lines / (cpuMs / 1000),
    cpuPerGb: cpuMs / 1000 / (rawBytes / GB),
    ownPerGb: ownMs / 1000 / (rawBytes / GB),
  };
}

/** As AWS bills: 2^30 bytes. */
const GB = 2 ** 30;
