import type { LogType } from '../../shared/line/schema/index.js';

type LinesByType = Readonly<Record<LogType, number>>;

/** The lines that one invocation stored, by who logged them and by type. */
export class LineCounts {
  private readonly services = new Map<string, Record<LogType, number>>();
  private latest: { readonly service: string | undefined; readonly lines: Record<LogType, number> } | undefined;

  add(type: LogType, service: string | undefined): void {
    // Lines of one container come together: it is looked up once for all of them.
    if (this.latest === undefined || this.latest.service !== service) {
      this.latest = { service, lines: this.linesOf(service ?? 'unknown') };
    }
    this.latest.lines[type]++;
  }

  totals(): LinesByType {
    return sum([...this.services.values()]);
  }

  byService(): ReadonlyMap<string, LinesByType> {
    return this.services;
  }

  private linesOf(service: string): Record<LogType, number> {
    let lines = this.services.get(service);
    if (!lines) {
      lines = { access: 0, error: 0, app: 0 };
      this.services.set(service, lines);
    }
    return lines;
  }
}

function sum(counts: readonly LinesByType[]): LinesByType {
  return counts.reduce(
    (total, { access, error, app }) => ({
      access: total.access + access,
      error: total.error + error,
      app: total.app + app,
    }),
    { access: 0, error: 0, app: 0 },
  );
}
