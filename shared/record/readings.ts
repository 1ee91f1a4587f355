import { type Alerts, claimedAlerts } from './label.js';
import type { IncomingRecord, Reading, ReadRecord } from './read.js';

/** Lines that were just logged, or those of a replay, by what becomes of their alerts. */
export type Origination = 'live' | Alerts;

/**
 * The readings of one invocation. What is replayed is read apart from what was just logged, so that neither continues an
 * entry of the other, and each goes past the rules in its own way, if at all.
 */
export class Readings {
  private readonly open = new Map<Origination, Reading>();

  /** @param begin called once for each kind of lines that there is */
  constructor(private readonly begin: (origination: Origination) => Reading) {}

  /** Never throws: a record that can't be read fails alone. */
  read(record: IncomingRecord): ReadRecord {
    const origination = claimedAlerts(record.data) ?? 'live';
    let reading = this.open.get(origination);
    if (!reading) {
      reading = this.begin(origination);
      this.open.set(origination, reading);
    }
    return reading.read(record);
  }

  /** Gives the sinks what waited for more. */
  end(): void {
    for (const reading of this.open.values()) reading.end();
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
