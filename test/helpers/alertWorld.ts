import type { Clock, Notifier, StateStore } from '../../shared/alerts/ports.js';
import { raiseBatches } from '../../shared/alerts/raise.js';
import type { RuleBook } from '../../shared/alerts/ruleBook.js';
import { MemoryStateStore } from '../../shared/alerts/simulation/memoryStore.js';
import { SimulatedClock } from '../../shared/alerts/simulation/simulatedClock.js';
import type { AlertState } from '../../shared/alerts/state/decide.js';
import { statesIn } from '../../shared/alerts/state/keyItem.js';
import { sweep } from '../../shared/alerts/sweep.js';
import type { SignalBatch } from '../../shared/signals/signal.js';
import { firstOf } from '../../shared/text/firstOf.js';
import { MINUTE, T0 } from './alerts.js';
import { type Crash, Instance, type LookUp, Memory, type SaveAnswer } from './instance.js';
import { SimulatedSlack, type SlackAnswer } from './simulatedSlack.js';

const SECOND = 1000;
/** What infra/functions.yml allows, in milliseconds. */
const [alertTimeout, sweepTimeout, visibility] = [30 * SECOND, 50 * SECOND, 210 * SECOND];

interface Delivery {
  /** After the one before. */
  readonly wait: number;
  /** Messages that are received together, if there are as many. */
  readonly messages: number;
  /** When SQS or Firehose deliver them once more although they were done, milliseconds later; not at all when absent. */
  readonly again: number | undefined;
  readonly crash: Crash | undefined;
}

const ordinary: Delivery = { wait: 0, messages: 10, again: undefined, crash: undefined };

/** What goes wrong, and when. */
export interface Course {
  readonly deliveries: readonly Delivery[];
  readonly sweeps: readonly { readonly crash: Crash | undefined; readonly twice: boolean }[];
  readonly slack: readonly SlackAnswer[];
  readonly seed: number;
  /** Of the items of keys; those of the functions when absent. */
  readonly keyItem?: { readonly maxStateBytes: number; readonly maxStates: number };
  /** What the table answers, to whichever instance asks; when absent, it does as it is asked. */
  readonly lookUps?: readonly LookUp[];
  readonly saveAnswers?: readonly SaveAnswer[];
}

/** Two alert functions and a sweep on one table, one queue and one Slack. */
export class AlertWorld {
  readonly clock = new SimulatedClock(T0);
  readonly slack: SimulatedSlack;
  /** The notices that were claimed, by the alert and the number of each. */
  readonly claimed = new Set<string>();
  readonly late: string[] = [];
  private readonly store = new MemoryStateStore();
  private readonly latency: () => number;
  private readonly keyItem: Course['keyItem'];
  private readonly answers: { readonly lookUps: LookUp[]; readonly saveAnswers: SaveAnswer[] };
  private readonly queue: { batch: SignalBatch; visibleAt: number }[] = [];
  private readonly deliveries: Delivery[];
  private readonly sweeps: Course['sweeps'][number][];
  private readonly memories = [new Memory(), new Memory(), new Memory()];

  constructor(
    private readonly book: RuleBook,
    course: Course,
    owners: Readonly<Record<string, string>>,
    /** Another way to Slack than the simulated one. */
    private readonly notifierOn?: (clock: Clock) => Notifier,
  ) {
    const { slack: plan, seed, deliveries, sweeps, keyItem, lookUps = [], saveAnswers = [] } = course;
    this.keyItem = keyItem;
    this.answers = { lookUps: [...lookUps], saveAnswers: [...saveAnswers] };
    this.slack = new SimulatedSlack(this.clock, [...plan], owners);
    this.latency = latencies(seed);
    this.deliveries = [...deliveries];
    this.sweeps = [...sweeps];
  }

  send(batch: SignalBatch): void {
    this.queue.push({ batch, visibleAt: this.clock.now() });
  }

  /** Works until nothing is left to do: no message, nothing due, no digest. */
  async run(): Promise<void> {
    await Promise.all([this.consume(0), this.consume(1), this.sweepUntilIdle()]);
  }

  private async consume(instance: number): Promise<void> {
    while (this.queue.length > 0) {
      const visible = this.queue.filter(({ visibleAt }) => visibleAt <= this.clock.now());
      if (visible.length === 0) {
        await this.sleep(10 * SECOND);
        continue;
      }
      const { wait, messages, again, crash } = this.deliveries.shift() ?? ordinary;
      const received = visible.slice(0, messages);
      for (const each of received) each.visibleAt = this.clock.now() + wait + visibility;
      await this.sleep(wait);
      let undone: ReadonlySet<SignalBatch> = new Set();
      const answered = await this.invoke(alertTimeout, instance, crash, async (ports) => {
        ({ undone } = await raiseBatches(
          received.map(({ batch }) => batch),
          this.book,
          ports,
        ));
        return true;
      });
      for (const each of received) {
        const done = answered && !undone.has(each.batch);
        if (done && again === undefined) this.queue.splice(this.queue.indexOf(each), 1);
        else each.visibleAt = this.clock.now() + (done ? (again ?? 0) : visibility);
      }
    }
  }

  private async sweepUntilIdle(): Promise<void> {
    for (let idle = 0; idle < 2; ) {
      await this.sleep(MINUTE);
      const { crash, twice } = this.sweeps.shift() ?? { crash: undefined, twice: false };
      const one = (instance: number) =>
        this.invoke(sweepTimeout, instance, crash, async (ports) => {
          const refused = { list: async () => [], read: async () => undefined, remove: async () => undefined };
          await sweep(this.book, { ...ports, refused, queue: { send: async () => undefined } });
          return true;
        });
      await Promise.all(twice ? [one(2), one(2)] : [one(2)]);
      const busy = this.queue.length > 0 || (await this.isAnythingDue());
      idle = busy ? 0 : idle + 1;
    }
  }

  private async isAnythingDue(): Promise<boolean> {
    // What is to be told to be over is due in a few minutes, and what a cooldown holds back when that ends.
    const soon = this.clock.now() + 15 * MINUTE;
    const due = await Promise.all([
      firstOf(this.store.agenda('sweep', 0, soon), 1),
      firstOf(this.store.agenda('digests', 0, soon), 1),
    ]);
    return due.flat().length > 0;
  }

  private async invoke(
    timeout: number,
    instance: number,
    crash: Crash | undefined,
    act: (ports: ReturnType<Instance['portsUntil']>) => Promise<boolean>,
  ): Promise<boolean> {
    const notifier = this.notifierOn?.(this.clock) ?? this.slack;
    const { clock, latency, keyItem, answers } = this;
    const shared = { store: this.watched(), notifier, clock, latency, ...answers, ...(keyItem ? { keyItem } : {}) };
    const environment = new Instance(shared, crash, this.memories[instance]);
    const start = this.clock.now();
    try {
      const done = await act(environment.portsUntil(start + timeout - SECOND));
      if (this.clock.now() > start + timeout) this.late.push(`${this.clock.now() - start} ms of ${timeout}`);
      return done && !environment.died;
    } catch (error) {
      if (environment.died) return false;
      throw error;
    } finally {
      // A new environment takes the place of one that died.
      if (environment.died) this.memories[instance] = new Memory();
    }
  }

  private watched(): StateStore {
    const { store, claimed } = this;
    const save: StateStore['save'] = async (id, value, ...terms) => {
      const saved = await store.save(id, value, ...terms);
      for (const [alert, entry] of saved ? statesIn(id, { value, version: 1 }) : []) {
        const state = entry.apart === undefined ? entry : await store.load(entry.apart);
        if (!state) continue;
        const { delivery } = state.value as AlertState;
        if (delivery.status === 'pending' && delivery.notice.kind === 'firing')
          claimed.add(`${alert}#${delivery.notice.number}`);
      }
      return saved;
    };
    return {
      load: (id) => store.load(id),
      save,
      remove: (id) => store.remove(id),
      agenda: (...args) => store.agenda(...args),
      scan: (prefix) => store.scan(prefix),
    };
  }

  private sleep(ms: number): Promise<void> {
    return this.clock.sleepUntil(this.clock.now() + ms);
  }
}

/** 1 to 30 ms, and now and then far more, by a seed (a linear congruential generator). */
function latencies(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % 1000 < 30 ? 700 : 1 + (state % 30);
  };
}
