const hour = 3_600_000;

/** What one hour of the day had. */
interface Hour {
  rawBytes: number;
  throttled: number;
  /** Messages that waited, the most at a time. */
  queued: number;
  /** Milliseconds until lines were counted, the longest. */
  lag: number;
  /** Write units of DynamoDB, and milliseconds that the alert function was busy. */
  writeUnits: number;
  busy: number;
}

/** The day by the hour. */
export class Hours {
  readonly all: readonly Hour[];

  constructor(
    private readonly begin: number,
    count: number,
  ) {
    this.all = Array.from({ length: Math.ceil(count) }, () => ({
      rawBytes: 0,
      throttled: 0,
      queued: 0,
      lag: 0,
      writeUnits: 0,
      busy: 0,
    }));
  }

  second(at: number, { rawBytes, throttled, queued, writeUnits }: Omit<Hour, 'lag' | 'busy'>): void {
    const of = this.at(at);
    of.rawBytes += rawBytes;
    of.throttled += throttled;
    of.writeUnits += writeUnits;
    of.queued = Math.max(of.queued, queued);
  }

  lag(at: number, lag: number): void {
    const of = this.at(at);
    of.lag = Math.max(of.lag, lag);
  }

  work(at: number, busy: number): void {
    this.at(at).busy += busy;
  }

  /** What comes after the day belongs to its last hour. */
  private at(time: number): Hour {
    const place = Math.min(this.all.length - 1, Math.floor((time - this.begin) / hour));
    return this.all[place] as Hour;
  }
}
