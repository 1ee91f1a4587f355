import type { AlertsConfig } from '../../rules/language/alertsConfig.js';
import type { Rule } from '../../rules/language/rule.js';
import { signalBatches } from '../../rules/matching/batch.js';
import type { RuleFailure, Signal } from '../../signals/signal.js';
import type { AlertOutcome } from '../outcome.js';
import type { Alert, Digest, Post, StateStore, SweepPorts } from '../ports.js';
import { raiseAlerts } from '../raise.js';
import { type RuleBook, ruleBook } from '../ruleBook.js';
import { sweep } from '../sweep.js';
import { titleOf } from '../title.js';
import { MemoryStateStore } from './memoryStore.js';
import { SimulatedClock } from './simulatedClock.js';

/** What rules matched in one invocation of the transform. */
export interface Invocation {
  /** When functions/alert gets them, ms since the epoch. */
  readonly at: number;
  readonly signals: readonly Signal[];
  readonly failures: readonly RuleFailure[];
}

/** What would be posted, and when: ms since the epoch. */
export type Notified =
  | NotifiedAlert
  /** Each of its alerts was yielded before, as `digested`. */
  | { readonly kind: 'digest'; readonly at: number; readonly digest: Digest };

export interface NotifiedAlert {
  readonly kind: 'alert';
  readonly at: number;
  readonly alert: Alert;
  /** The headline, as plain text. */
  readonly title: string;
  /** It goes into a digest instead of a message of its own. */
  readonly digested: boolean;
}

/**
 * Finds out what rules would post, and when, with the code that is deployed: it raises each invocation's signals, sweeps every
 * minute, and keeps the pace of each endpoint. The clock is simulated, and nothing is sent.
 *
 * @param invocations in the order of their times
 * @param period in which time passes, ms since the epoch
 * @param store what is remembered from before, and will be of this; nothing, and lost, when absent
 *
 * @example
 * for await (const { at, kind } of simulate(rules, {}, invocations, { from, to })) console.log(at, kind);
 */
export async function* simulate(
  rules: readonly Rule[],
  alerts: AlertsConfig | undefined,
  invocations: Iterable<Invocation> | AsyncIterable<Invocation>,
  period: { readonly from: number; readonly to: number },
  store: StateStore = new MemoryStateStore(),
): AsyncGenerator<Notified> {
  const simulation = new Simulation(rules, alerts, period.from, store);
  for await (const invocation of invocations) yield* simulation.show(invocation);
  yield* simulation.end(period.to);
}

/** The same for whoever has the invocations one by one. */
export class Simulation {
  private readonly book: RuleBook;
  private readonly clock;
  private readonly ports: Omit<SweepPorts, 'deadline'>;
  private readonly notified: Notified[] = [];
  private nextSweep: number;
  private invocations = 0;

  /** @param from when it begins, ms since the epoch */
  constructor(
    rules: readonly Rule[],
    alerts: AlertsConfig | undefined,
    from: number,
    store: StateStore = new MemoryStateStore(),
  ) {
    const book = ruleBook(rules, alerts);
    // What is told several routes is told once here, and at any time.
    this.book = { ...book, routesOf: (...of) => book.routesOf(...of).slice(0, 1), mutedUntil: () => undefined };
    this.clock = new SimulatedClock(from);
    this.nextSweep = Math.ceil(from / sweepInterval) * sweepInterval;
    this.ports = {
      store,
      notifier: {
        ownerOf: async (route) => route,
        post: async (post) => {
          this.notified.push(notifiedOf(post, this.clock.now()));
          return { result: 'sent' };
        },
      },
      clock: this.clock,
      silences: async () => [],
      // Nothing is ever refused.
      queue: { send: async () => undefined },
      refused: { list: async () => [], read: async () => undefined, remove: async () => undefined },
    };
  }

  /** Time passes until an invocation, which comes after all those before. */
  async *show(invocation: Invocation): AsyncGenerator<Notified> {
    // A line that comes with a sweep comes before it: it can still keep the sweep from missing it.
    yield* this.sweepBefore(invocation.at);
    yield* this.raise(invocation);
  }

  /** Time passes until the end, in which nothing comes any more. */
  async *end(to: number): AsyncGenerator<Notified> {
    yield* this.sweepBefore(to + 1);
  }

  private async *raise({ at, signals, failures }: Invocation): AsyncGenerator<Notified> {
    this.clock.moveTo(at);
    for (const batch of signalBatches([`invocation ${this.invocations++} at ${at}`], signals, failures)) {
      yield* this.notify(await raiseAlerts(batch, this.book, this.portsUntil(alertDuration)));
    }
  }

  private async *sweepBefore(time: number): AsyncGenerator<Notified> {
    for (; this.nextSweep < time; this.nextSweep += sweepInterval) {
      this.clock.moveTo(this.nextSweep);
      const { outcomes } = await sweep(this.book, this.portsUntil(sweepDuration));
      yield* this.notify(outcomes);
    }
  }

  private portsUntil(duration: number): SweepPorts {
    return { ...this.ports, deadline: this.clock.now() + duration };
  }

  private *notify(outcomes: readonly AlertOutcome[]): Generator<Notified> {
    const at = this.clock.now();
    for (const each of outcomes) if (each.outcome === 'digested') yield notifiedAlert(each.alert, at, true);
    yield* this.notified.splice(0);
  }
}

function notifiedOf(post: Post, at: number): Notified {
  return post.kind === 'alert' ? notifiedAlert(post.alert, at, false) : { kind: 'digest', at, digest: post.digest };
}

function notifiedAlert(alert: Alert, at: number, digested: boolean): NotifiedAlert {
  return { kind: 'alert', at, alert, title: titleOf(alert), digested };
}

/** As infra/functions.yml has it: how often the sweep runs, and how long either function may take. Milliseconds. */
const sweepInterval = 60_000;
const alertDuration = 30_000;
const sweepDuration = 50_000;
