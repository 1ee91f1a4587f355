import { decodeRecord } from './decode.js';
import type { Alerts } from './label.js';
import type { IncomingRecord, Reading, ReadRecord, Spent } from './read.js';

/** Lines that were just logged, or those of a replay, by what becomes of their alerts. */
export type Origination = 'live' | Alerts;

/**
 * The readings of one invocation. What is replayed is read apart from what was just logged, so that neither continues an
 * entry of the other, and each goes past the rules in its own way, if at all.
 */
export class Readings {
  private readonly open = new Map<Origination, Reading>();

  /**
   * @param begin called once for each kind of lines that there is, with what others of the invocation have read
   * @param labelKeys keys by which a label is known to be ours: whoever may log must not mute the rules
   */
  constructor(
    private readonly begin: (origination: Origination, spent: Spent | undefined) => Reading,
    private readonly labelKeys: readonly string[] = [],
  ) {}

  /** Never throws: a record that can't be read fails alone. */
  read(record: IncomingRecord): ReadRecord {
    const decoded = decodeRecord(record.data, this.labelKeys);
    const origination = (decoded.kind === 'text' ? decoded.alerts : undefined) ?? 'live';
    let reading = this.open.get(origination);
    if (!reading) {
      reading = this.begin(origination, this.open.size > 0 ? this.spent : undefined);
      this.open.set(origination, reading);
    }
    return reading.readDecoded(record, decoded);
  }

  /** Gives the sinks what waited for more. */
  end(): void {
    for (const reading of this.open.values()) reading.end();
  }

  /** What all records have come to, of whichever kind. */
  get spent(): Spent {
    const [any] = this.open.values();
    return any?.spent ?? { bytes: 0, lines: 0 };
  }

  get laneLines(): number {
    return this.sum(({ laneLines }) => laneLines);
  }

  get joinedLines(): number {
    return this.sum(({ joinedLines }) => joinedLines);
  }

  private sum(of: (reading: Reading) => number): number {
    return [...this.open.values()].reduce((sum, reading) => sum + of(reading), 0);
  }
}
