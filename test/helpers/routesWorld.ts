import type { Post, PostResult, SweepPorts } from '../../shared/alerts/ports.js';
import { raiseAlerts } from '../../shared/alerts/raise.js';
import { ruleBook } from '../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../shared/alerts/simulation/simulatedClock.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { sweep } from '../../shared/alerts/sweep.js';
import { textOf } from '../../shared/alerts/title.js';
import type { AlertsConfig } from '../../shared/rules/language/alertsConfig.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { aSignal, MINUTE, T0 } from './alerts.js';

/** Routes that answer as the test has it, on a clock of their own. */
export class RoutesWorld {
  readonly clock = new SimulatedClock(T0);
  readonly store = new KeyStates(new MemoryStateStore(), () => this.clock.now());
  /** What a route answers instead of taking a post. */
  readonly broken = new Map<string, PostResult>();
  /** The minute since T0, the route, and what it was told. */
  readonly told: [minute: number, route: string, what: string, lines: number][] = [];
  readonly attempts: string[] = [];
  /** The texts of alerts that were told, where there are any. */
  readonly texts: string[] = [];
  saves = 0;
  private batches = 0;
  private book;

  constructor(
    private rule: Rule,
    private readonly config: AlertsConfig,
  ) {
    this.book = ruleBook([rule], config);
  }

  /** As a deployment does. */
  change(rule: Rule): void {
    this.rule = rule;
    this.book = ruleBook([rule], this.config);
  }

  raise(count: number, labels: Readonly<Record<string, string>> = { service: 'pay' }) {
    const ts = this.clock.now();
    const key = Object.values(labels).join('|');
    const signal = aSignal({ rule: this.rule.name, key, labels, count, first: ts, last: ts, bucket: ts });
    const batch = { version: 1, id: `batch ${this.batches++} `.padEnd(64, '0'), signals: [signal] } as const;
    return raiseAlerts(batch, this.book, this.ports(30_000));
  }

  /** Lets minutes pass, with a sweep in each. */
  async sweep(minutes = 1): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      this.clock.moveTo((Math.floor(this.clock.now() / MINUTE) + 1) * MINUTE);
      const { problems } = await sweep(this.book, this.ports(50_000));
      if (problems.length > 0) throw new Error(problems.join('; '));
    }
  }

  private ports(timeout: number): SweepPorts {
    const { clock, store } = this;
    return {
      clock,
      store: Object.assign(Object.create(store) as MemoryStateStore, {
        save: (...args: Parameters<MemoryStateStore['save']>) => {
          this.saves++;
          return store.save(...args);
        },
      }),
      notifier: { ownerOf: async (route) => route, post: (post) => this.post(post) },
      silences: async () => [],
      deadline: clock.now() + timeout,
      queue: { send: async () => undefined },
      refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
    };
  }

  private async post(post: Post): Promise<PostResult> {
    this.attempts.push(post.route);
    const broken = this.broken.get(post.route);
    if (broken) return broken;
    const minute = Math.floor((this.clock.now() - T0) / MINUTE);
    if (post.kind === 'digest') this.told.push([minute, post.route, 'digest', post.digest.lines]);
    else {
      this.told.push([minute, post.route, post.alert.notice.kind, post.alert.notice.count]);
      this.texts.push(...[textOf(post.alert)].filter((text) => text !== ''));
    }
    return { result: 'sent' };
  }
}
