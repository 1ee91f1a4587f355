import { BatchLedger } from '../../shared/alerts/batchLedger.js';
import type { AlertPorts, Clock, Notifier, StateStore, Stored } from '../../shared/alerts/ports.js';
import { KeyStates } from '../../shared/alerts/state/keyStates.js';
import { firstOf } from '../../shared/text/firstOf.js';

/** Where an invocation dies: at its n-th step, before or after the step took effect. */
export interface Crash {
  readonly step: number;
  readonly after: boolean;
}

/** What the table answers to a look at many items: what it read, perhaps only half of it, or late, when others may have saved them. */
export type LookUp =
  | { readonly answer: 'all' | 'half' | 'failed' }
  | { readonly answer: 'late'; readonly after: number };

/**
 * What the table answers to a save. `lost`: it took effect, and nobody hears of it. `retried`: the SDK tried again after such an answer,
 * and was refused for what it had saved itself.
 */
export type SaveAnswer = 'saved' | 'throttled' | 'lost' | 'retried';

/** What an environment keeps from one invocation to the next: states, and the batches that it knows to be done with. */
export class Memory {
  readonly states = new Map<string, Stored>();
  readonly settled = new Set<string>();
}

/**
 * One function environment: what it does takes time, it remembers what it saved last, and it may die at any step. Then
 * nothing that it does has an effect any more.
 */
export class Instance {
  private steps = 0;
  died = false;

  constructor(
    private readonly shared: {
      readonly store: StateStore;
      readonly notifier: Notifier;
      readonly clock: Clock;
      readonly latency: () => number;
      /** Of the items of keys; those of the functions when absent. */
      readonly keyItem?: ConstructorParameters<typeof KeyStates>[2];
      /** What the table answers next; once there are no more, it does as it is asked. */
      readonly lookUps?: LookUp[];
      readonly saveAnswers?: SaveAnswer[];
    },
    private readonly crash?: Crash,
    private readonly memory = new Memory(),
  ) {}

  portsUntil(deadline: number): AlertPorts {
    const { clock } = this.shared;
    const store = new KeyStates(this.store(), () => clock.now(), this.shared.keyItem);
    const ledger = new BatchLedger(store, clock.now, this.memory.settled);
    return { store, notifier: this.notifier(), clock, silences: async () => [], ledger, deadline };
  }

  private store(): StateStore {
    const { store } = this.shared;
    return {
      load: (id) => this.step(async () => this.remember(id, await store.load(id))),
      loadAll: (ids) => this.step(() => this.lookUp(ids)),
      // The very value, as dynamoStateStore gives it.
      recall: (id) => this.memory.states.get(id),
      save: (...of) => this.step(() => this.save(...of)),
      remove: (id) => this.step(() => store.remove(id)),
      agenda: (...args) => this.agenda(...args),
      scan: (prefix) => store.scan(prefix),
    };
  }

  private async lookUp(ids: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const { store, clock, lookUps } = this.shared;
    const look = lookUps?.shift() ?? { answer: 'all' };
    if (look.answer === 'failed') throw new Error('throttled');
    const read = await Promise.all(ids.map(async (id) => [id, await store.load(id)] as const));
    if (look.answer === 'late') await clock.sleepUntil(clock.now() + look.after);
    const answered = read.filter((_, at) => look.answer !== 'half' || at % 2 === 0);
    return new Map(answered.flatMap(([id, stored]) => (this.remember(id, stored) && stored ? [[id, stored]] : [])));
  }

  private async save(...[id, value, expected, terms]: Parameters<StateStore['save']>): Promise<boolean> {
    const { store, saveAnswers } = this.shared;
    const answer = saveAnswers?.shift() ?? 'saved';
    if (answer === 'throttled') throw new Error('throttled');
    const saved = await store.save(id, value, expected, terms);
    if (answer === 'lost') {
      this.remember(id, undefined);
      throw new Error('timed out');
    }
    if (answer === 'retried') {
      // A refusal says what is stored.
      this.remember(id, await store.load(id));
      return false;
    }
    const { agenda } = terms;
    this.remember(id, saved ? { value, version: (expected ?? 0) + 1, ...(agenda ? { agenda } : {}) } : undefined);
    return saved;
  }

  /** What is read of it, a page at a time, is read at once. */
  private async *agenda(...args: Parameters<StateStore['agenda']>): AsyncIterable<string> {
    yield* await this.step(() => firstOf(this.shared.store.agenda(...args), Number.POSITIVE_INFINITY));
  }

  private notifier(): Notifier {
    const { notifier } = this.shared;
    return { ownerOf: (route) => notifier.ownerOf(route), post: (post) => this.step(() => notifier.post(post), 0) };
  }

  private remember(id: string, stored: Stored | undefined): Stored | undefined {
    if (stored) this.memory.states.set(id, stored);
    else this.memory.states.delete(id);
    return stored;
  }

  private async step<T>(act: () => Promise<T>, latency = this.shared.latency()): Promise<T> {
    const { clock } = this.shared;
    if (latency > 0) await clock.sleepUntil(clock.now() + latency);
    if (this.died) throw new Error('dead');
    if (this.crash?.step !== this.steps++) return act();
    this.died = true;
    if (this.crash.after) await act();
    throw new Error('killed');
  }
}
