import type { Post } from '../../shared/alerts/ports.js';
import type { SignalCollector } from '../../shared/rules/matching/match.js';
import type { Random } from '../oncall/random.js';
import type { MessageContents } from './messageContents.js';
import type { ProbeKind, ProbeTime } from './probeTimes.js';

/** A line that people must be told of: the last words of a service that logs nothing else. */
interface Probe {
  readonly service: string;
  readonly kind: ProbeKind;
  /** When it is written, and when its router sends it. */
  readonly written: number;
  readonly flushed: number;
  /** When people were told first. */
  told?: number;
}

/** Lines that people must be told of, and when they were. */
export class Probes {
  readonly all: readonly Probe[];
  private next = 0;
  private readonly byService: ReadonlyMap<string, Probe>;

  /** @param flush seconds */
  constructor(
    times: readonly ProbeTime[],
    flush: number,
    random: Random,
    private readonly contents: MessageContents,
  ) {
    this.all = times
      .map(({ kind, written }, index) => ({
        service: `probe-${index}`,
        kind,
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
  lags(kind: ProbeKind): number[] {
    const told = this.all.filter((probe) => probe.kind === kind);
    return told.flatMap(({ written, told: at }) => (at === undefined ? [] : [at - written])).sort((a, b) => a - b);
  }

  /** Those that no invocation has had. */
  get unsent(): number {
    return this.all.length - this.next;
  }

  get untold(): number {
    return this.all.filter(({ told }) => told === undefined).length;
  }

  /** A message reaches people. */
  hear(post: Post, now: number): void {
    const alerts = this.contents.of(post).filter(({ rule }) => rule === probeRule);
    const ofRule = post.kind === 'digest' ? post.digest.rules.find(({ rule }) => rule === probeRule) : undefined;
    if (post.kind === 'digest' && (ofRule?.alerts ?? 0) !== alerts.length)
      throw new Error(`a message counts ${ofRule?.alerts} alerts of ${probeRule}, and tells of ${alerts.length}`);
    for (const { key } of alerts) {
      const probe = this.byService.get(key);
      if (probe) probe.told ??= now;
    }
  }
}

/** The rule of infra/rules that tells of such lines. */
const probeRule = 'fatal-line';
