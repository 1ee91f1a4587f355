import { billedBytes } from '../../local/ship/shipper.js';
import { buildCorpus, type Corpus } from './corpus.js';
import { recordsOf, type Transform } from './invocation.js';
import { cpuOf } from './measure.js';
import type { ReportTable } from './report.js';

/** What sizes cost: the curves of shared/cost/measured.ts. Bytes; CPU in ms. */
export interface PackingResult {
  readonly lineBytes: number;
  /** Of a line's FireLens record, without the line. */
  readonly envelopeBytes: number;
  readonly records: readonly { readonly raw: number; readonly sent: number; readonly billed: number }[];
  readonly invocations: readonly { readonly raw: number; readonly landed: number; readonly cpuMs: number }[];
}

/** What a record inflates to: that of one line, up to what Fluent Bit aggregates. */
const recordSizes = [1, 2e3, 4e3, 8e3, 16e3, 64e3, 256e3, 1e6];
/** Raw bytes of an invocation. */
const invocationSizes = [64e3, 256e3, 1e6, 4e6, 16e6];
const corpusBytes = 16e6;
/** Where more lines arrive, records are larger: so many are in an invocation, when they are below a megabyte. */
const recordsOfInvocation = 40;
/** ms of CPU that each size of invocation is run for: a function that serves for hours runs compiled code. */
const cpuOfSize = 6000;

/** The mix of docs/performance.md, in records and in invocations of several sizes. */
export async function measurePacking(transform: Transform, gzipLevel: number): Promise<PackingResult> {
  const records = recordSizes.map((size) => ofRecords(buildCorpus('mix', corpusBytes / 4, 0, { recordBytes: size })));
  const whole = buildCorpus('mix', corpusBytes);
  const expansion = whole.inflatedBytes / whole.rawBytes;
  const invocations = [];
  for (const size of invocationSizes) {
    const recordBytes = Math.min(1e6, (size / recordsOfInvocation) * expansion);
    const part = partOf(buildCorpus('mix', corpusBytes, 0, { recordBytes }), size);
    invocations.push(await ofInvocations(part, transform, gzipLevel));
  }
  return {
    lineBytes: whole.rawBytes / whole.lines,
    envelopeBytes: (whole.inflatedBytes - whole.rawBytes) / whole.lines,
    records,
    invocations,
  };
}

export function packingTables({ lineBytes, envelopeBytes, records, invocations }: PackingResult): ReportTable[] {
  return [
    {
      title: `Records of a router: lines of ${lineBytes.toFixed(0)} bytes, each in an envelope of ${envelopeBytes.toFixed(0)}`,
      columns: ['raw bytes', 'sent for a raw byte', 'billed for a raw byte'],
      rows: records.map(({ raw, sent, billed }) => [whole(raw), (sent / raw).toFixed(4), (billed / raw).toFixed(4)]),
    },
    {
      title: 'Invocations of the transform',
      columns: ['raw bytes', 'stored for a raw byte', 'CPU', 'CPU s/GB'],
      rows: invocations.map(({ raw, landed, cpuMs }) => [
        whole(raw),
        (landed / raw).toFixed(4),
        `${cpuMs.toFixed(1)} ms`,
        ((cpuMs / 1000 / raw) * 2 ** 30).toFixed(1),
      ]),
    },
  ];
}

function ofRecords({ records, rawBytes }: Corpus): PackingResult['records'][number] {
  const sizes = records.map((data) => Buffer.byteLength(data, 'base64'));
  const mean = (bytes: readonly number[]) => bytes.reduce((sum, each) => sum + each, 0) / records.length;
  return { raw: rawBytes / records.length, sent: mean(sizes), billed: mean(sizes.map(billedBytes)) };
}

/** The least of several turns. */
async function ofInvocations(
  corpus: Corpus,
  transform: Transform,
  gzipLevel: number,
): Promise<PackingResult['invocations'][number]> {
  let landed = 0;
  const cpu: number[] = [];
  for (let spent = 0; spent < cpuOfSize; spent += cpu.at(-1) ?? 0) {
    cpu.push(
      await cpuOf(async () => {
        const groups = await transform.run(recordsOf(corpus), gzipLevel);
        landed = groups.reduce((sum, { bytes }) => sum + bytes, 0);
      }),
    );
  }
  return { raw: corpus.rawBytes, landed, cpuMs: Math.min(...cpu) };
}

/** So many records, from all over the corpus, that they hold about so many raw bytes. */
function partOf(corpus: Corpus, rawBytes: number): Corpus {
  const count = Math.max(1, Math.round((rawBytes / corpus.rawBytes) * corpus.records.length));
  const step = corpus.records.length / count;
  const records = Array.from({ length: count }, (_, at) => corpus.records[Math.floor(at * step)] ?? '');
  const part = count / corpus.records.length;
  return {
    name: corpus.name,
    records,
    lines: corpus.lines * part,
    rawBytes: corpus.rawBytes * part,
    inflatedBytes: corpus.inflatedBytes * part,
  };
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
