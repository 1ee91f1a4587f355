import type { LogType } from '../../shared/line/schema/index.js';

export type LinesByType = Readonly<Record<LogType, number>>;

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

  /** The services with the most lines; beyond {@link MAX_SERVICES} they are added up as `other`. */
  byService(): ReadonlyMap<string, LinesByType> {
    const loudest = [...this.services].sort(([, a], [, b]) => all(b) - all(a));
    const rest = loudest.slice(MAX_SERVICES).map(([, lines]) => lines);
    const named = loudest.slice(0, MAX_SERVICES);
    if (rest.length === 0) return new Map(named);
    return new Map([...named.filter(([name]) => name !== OTHER), [OTHER, sum([...rest, ...othersIn(named)])]]);
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

/** Each value of a dimension is a metric that CloudWatch bills: service names that are made up must not run away. */
const MAX_SERVICES = 50;
const OTHER = 'other';

/** A service may really be called `other`. */
function othersIn(named: readonly (readonly [string, LinesByType])[]): LinesByType[] {
  return named.filter(([name]) => name === OTHER).map(([, lines]) => lines);
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

function all({ access, error, app }: LinesByType): number {
  return access + error + app;
}
