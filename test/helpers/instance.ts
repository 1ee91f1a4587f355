import type { AlertPorts, Clock, Notifier, StateStore, Stored } from '../../shared/alerts/ports.js';

/** Where an invocation dies: at its n-th step, before or after the step took effect. */
export interface Crash {
  readonly step: number;
  readonly after: boolean;
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
    },
    private readonly crash?: Crash,
    /** What an environment keeps from one invocation to the next. */
    private readonly remembered = new Map<string, Stored>(),
  ) {}

  portsUntil(deadline: number): AlertPorts {
    const { clock } = this.shared;
    return { store: this.store(), notifier: this.notifier(), clock, silences: async () => [], deadline };
  }

  private store(): StateStore {
    const { store } = this.shared;
    return {
      load: (id) => this.step(async () => this.remember(id, await store.load(id))),
      // The very value, as dynamoStateStore gives it.
      recall: (id) => this.remembered.get(id),
      save: (id, value, expected, terms) =>
        this.step(async () => {
          const saved = await store.save(id, value, expected, terms);
          this.remember(id, saved ? { value, version: (expected ?? 0) + 1 } : undefined);
          return saved;
        }),
      remove: (id) => this.step(() => store.remove(id)),
      agenda: (...args) => this.step(() => store.agenda(...args)),
      scan: (prefix) => store.scan(prefix),
    };
  }

  private notifier(): Notifier {
    const { notifier } = this.shared;
    return { ownerOf: (route) => notifier.ownerOf(route), post: (post) => this.step(() => notifier.post(post), 0) };
  }

  private remember(id: string, stored: Stored | undefined): Stored | undefined {
    if (stored) this.remembered.set(id, stored);
    else this.remembered.delete(id);
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
