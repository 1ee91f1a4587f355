import { gunzipSync } from 'node:zlib';
import '../../functions/transform/linearPatterns.js';
import { loadConfig } from '../../shared/config/load.js';
import { type IncomingRecord, RecordReader } from '../../shared/record/read.js';
import { Readings } from '../../shared/record/readings.js';
import { compilePolicy } from '../../shared/treatment/policy.js';
import { Canaries, type CanaryTally } from './canaries.js';
import type { AcceptedRecord } from './endpoint.js';
import { marksOf } from './lines.js';

/** How many lines of how many bytes a container wrote: its lines are numbered from 0. */
export interface Written {
  readonly container: number;
  readonly lines: number;
  /** Marks in each line. */
  readonly cells: number;
}

export interface Tally {
  /** Lines that were written. */
  readonly lines: number;
  /** Rows that the transform made of them. */
  readonly rows: number;
  /** Lines of which a part or all is in no row. */
  readonly lost: number;
  /** Of these, lines that the endpoint had: they were lost in the transform. */
  readonly lostInTransform: number;
  /** Lines of which a part came more than once. */
  readonly doubled: number;
  /** Of these, lines whose copies have one name (`record`, `line`): compaction keeps one. */
  readonly doubledByName: number;
  readonly canaries: CanaryTally;
}

/** Gives what the endpoint accepted to the transform's own reader, in invocations as Firehose makes them, and counts. */
export async function tally(written: readonly Written[], accepted: readonly AcceptedRecord[]): Promise<Tally> {
  const atEndpoint = new MarkCounts(written);
  const inRows = new MarkCounts(written);
  const named = new MarkCounts(written);
  const names = new Set<string>();
  const canaries = new Canaries();
  let rows = 0;
  const reader = new RecordReader(compilePolicy(await loadConfig('infra/firesplit.yml')));
  for (const invocation of invocations(accepted)) {
    const readings = new Readings((_, spent) =>
      reader.begin(
        {
          row: (_type, json, service) => {
            if (service === 'firesplit-canary') return;
            const { record, line } = JSON.parse(json) as { readonly record: string; readonly line: number };
            rows++;
            inRows.count(json);
            // Rows that are cut from one line have one name and different text.
            const name = `${record} ${line} ${json.length}`;
            if (!names.has(name)) named.count(json);
            names.add(name);
          },
          entry: () => undefined,
          blank: () => undefined,
          canary: (canary) => canaries.add(canary),
        },
        spent,
      ),
    );
    for (const record of invocation) {
      atEndpoint.count(gunzipSync(Buffer.from(record.data, 'base64')).toString('latin1'));
      const { kind } = readings.read(record);
      if (kind !== 'lines') throw new Error(`The transform takes the record for "${kind}".`);
    }
    readings.end();
  }
  const lost = inRows.lost();
  return {
    lines: written.reduce((sum, { lines }) => sum + lines, 0),
    rows,
    lost,
    lostInTransform: lost - atEndpoint.lost(),
    doubled: inRows.doubled(),
    doubledByName: inRows.doubled() - named.doubled(),
    canaries: canaries.tally(),
  };
}

/** infra/resources/firehose.yml: BufferSizeInMBs and BufferIntervalInSeconds of the Lambda processor. */
const BUFFER = { bytes: 3 * 1024 * 1024, ms: 20_000 } as const;

function* invocations(accepted: readonly AcceptedRecord[]): Generator<IncomingRecord[]> {
  let open: IncomingRecord[] = [];
  let bytes = 0;
  for (const [index, { data, arrival }] of accepted.entries()) {
    const [first] = open;
    if (first && (bytes + data.length > BUFFER.bytes || arrival - first.approximateArrivalTimestamp > BUFFER.ms)) {
      yield open;
      open = [];
      bytes = 0;
    }
    bytes += data.length;
    open.push({ recordId: String(index), approximateArrivalTimestamp: arrival, data: data.toString('base64') });
  }
  if (open.length > 0) yield open;
}

/** How often each mark was seen. */
class MarkCounts {
  private readonly seen: ReadonlyMap<number, { readonly written: Written; readonly counts: Uint8Array }>;

  constructor(written: readonly Written[]) {
    this.seen = new Map(
      written.map((each) => [each.container, { written: each, counts: new Uint8Array(each.lines * each.cells) }]),
    );
  }

  count(text: string): void {
    for (const { container, line, cell } of marksOf(text)) {
      const of = this.seen.get(container);
      if (!of || line >= of.written.lines || cell >= of.written.cells)
        throw new Error('A line came that nobody wrote.');
      const at = line * of.written.cells + cell;
      of.counts[at] = Math.min((of.counts[at] ?? 0) + 1, 255);
    }
  }

  lost(): number {
    return this.linesWhere((count) => count === 0);
  }

  doubled(): number {
    return this.linesWhere((count) => count > 1);
  }

  private linesWhere(fits: (count: number) => boolean): number {
    let found = 0;
    for (const { written, counts } of this.seen.values()) {
      for (let line = 0; line < written.lines; line++) {
        if (counts.subarray(line * written.cells, (line + 1) * written.cells).some(fits)) found++;
      }
    }
    return found;
  }
}
