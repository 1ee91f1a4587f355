import type { AlertOutcome } from '../../shared/alerts/outcome.js';
import type { Post } from '../../shared/alerts/ports.js';
import type { SignalCollector } from '../../shared/rules/matching/match.js';
import type { Random } from '../oncall/random.js';

/** A line that people must be told of: the last words of a service that logs nothing else. */
interface Probe {
  readonly service: string;
  /** Of many that come at once. */
  readonly inStorm: boolean;
  /** When it is written, and when its router sends it. */
  readonly written: number;
  readonly flushed: number;
  /** When people were told. */
  told?: number;
}

/** Lines that are to be told, one by one over the day and many at once in a storm. */
export class Probes {
  readonly all: readonly Probe[];
  private next = 0;
  private readonly byService: ReadonlyMap<string, Probe>;
  /** What was folded into a digest that is still to come, and of a digest that has come what is yet to be said to be folded. */
  private readonly folded = new Set<Probe>();
  private early = 0;
  private digestAt = 0;

  /** @param single when those are written that come alone, and in a storm: ms since the epoch. @param flush seconds */
  constructor(single: readonly number[], storm: readonly number[], flush: number, random: Random) {
    this.all = [...single, ...storm]
      .map((written, index) => ({
        service: `probe-${index}`,
        inStorm: index >= single.length,
        written,
        flushed: written + random.next() * flush * 1000,
      }))
      .sort((a, b) => a.flushed - b.flushed);
    this.byService = new Map(this.all.map((probe) => [probe.service, probe]));
  }

  /** Shows the rules those that were flushed up to a time and not shown before. */
  show(until: number, collector: SignalCollector): void {
    for (let probe = this.all[this.next]; probe && probe.flushed <= until; probe = this.all[++this.next]) {
      const { service, written } = probe;
      collector.observe('app', {
        ts: Math.floor(written),
        service,
        task: `${service}/task-0`,
        cluster: 'shop',
        level: 'fatal',
        message: 'cannot open the ledger',
      });
    }
  }

  /** Milliseconds until people were told, ascending. */
  lags(inStorm: boolean): number[] {
    const told = this.all.filter((probe) => probe.inStorm === inStorm);
    return told.flatMap(({ written, told: at }) => (at === undefined ? [] : [at - written])).sort((a, b) => a - b);
  }

  get untold(): number {
    return this.all.filter(({ told }) => told === undefined).length;
  }

  /** A message reaches people. A digest tells of as many as it counts, the first that were folded. */
  hear(post: Post, now: number): void {
    if (post.kind === 'alert') {
      this.tell(this.byService.get(post.alert.key), now);
      return;
    }
    this.digestAt = now;
    this.early += post.digest.rules.find(({ rule }) => rule === probeRule)?.alerts ?? 0;
    for (const probe of this.folded) this.tellFolded(probe);
  }

  /** What became of alerts. Who folds one may hear of it after the digest has come. */
  settle(outcomes: readonly AlertOutcome[]): void {
    for (const each of outcomes) {
      const probe = each.outcome === 'digested' ? this.byService.get(each.id.key) : undefined;
      if (!probe || probe.told !== undefined) continue;
      this.folded.add(probe);
      this.tellFolded(probe);
    }
  }

  private tellFolded(probe: Probe): void {
    if (this.early === 0) return;
    this.early--;
    this.tell(probe, this.digestAt);
  }

  private tell(probe: Probe | undefined, at: number): void {
    if (!probe) return;
    probe.told ??= at;
    this.folded.delete(probe);
  }
}

/** The rule of infra/rules that tells of such lines. */
const probeRule = 'fatal-line';
