import { indexesBeside } from '../../shared/compact/indexes.js';
import { columnKey, FIELDS_START } from '../../shared/line/rowText.js';
import { Fingerprints } from './fingerprints.js';

/** Gives the identities of lines that are Parquet already, of one index of compaction. */
export type KnownIdentities = (index: string) => AsyncIterable<readonly string[]>;

/** Tells landed lines that are there already: in Parquet, or in what landed before. */
export class Repeats {
  private readonly seen = new Fingerprints();
  private readonly asked = new Set<string>();

  constructor(private readonly known: KnownIdentities) {}

  /** The lines without those that are there already. A line that states no record is never taken for another. */
  async leaveOut(lines: readonly string[]): Promise<readonly string[]> {
    const identities = lines.map(identityOf);
    const hours = new Set(identities.flatMap((identity) => identity?.slice(0, HOUR_DIGITS) ?? []));
    for (const index of indexesBeside([...hours])) if (!this.asked.has(index)) await this.learn(index);
    return lines.filter((_, at) => {
      const identity = identities[at];
      return identity === undefined || this.seen.add(identity);
    });
  }

  private async learn(index: string): Promise<void> {
    this.asked.add(index);
    for await (const identities of this.known(index)) for (const identity of identities) this.seen.add(identity);
  }
}

/**
 * What two rows agree in when they are one line: the end of a row's text from its `record` on, `79c18x…","line":7,"lines":3}`,
 * and `fields.part` where an entry was cut: the digits with which it starts, where an INTEGER can hold them, as compaction
 * reads it (functions/adapters/duckDbSql.ts). {@link sqlIdentity} says the same of an index.
 */
function identityOf(row: string): string | undefined {
  const at = row.lastIndexOf(recordStart);
  if (at < 0) return undefined;
  const place = row.slice(at + recordStart.length);
  const partAt = row.indexOf(partStart);
  if (partAt < 0) return place;
  digits.lastIndex = partAt + partStart.length;
  const part = Number(digits.exec(row)?.[0] ?? Number.NaN);
  return part <= MAX_INTEGER ? place + part : place;
}

/** {@link identityOf} a row with these columns, in SQL. */
export const sqlIdentity = `concat(record, '"', '${columnKey('line')}' || line, '${columnKey('lines')}' || lines, '}', part)`;

const recordStart = `${columnKey('record')}"`;
const partStart = `${FIELDS_START}\\"part\\":`;
const digits = /\d+/y;
/** The largest INTEGER of DuckDB. */
const MAX_INTEGER = 2 ** 31 - 1;
const HOUR_DIGITS = 5;
