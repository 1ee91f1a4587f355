import { alertStates } from '../../functions/adapters/alertStates.js';
import { BatchLedger } from '../../shared/alerts/batchLedger.js';
import type { AlertPorts, Notifier, StateStore } from '../../shared/alerts/ports.js';
import { raiseBatches } from '../../shared/alerts/raise.js';
import type { RuleBook } from '../../shared/alerts/ruleBook.js';
import { recentSilences } from '../../shared/alerts/state/silences.js';
import { savedTogether } from '../../shared/alerts/state/update.js';
import { lambda } from '../../shared/limits.js';
import { Machine } from './machine.js';
import { measured } from './measured.js';
import type { Message, SignalQueue } from './queue.js';
import type { Setting } from './setting.js';
import type { AlertsTable, WeightOf } from './table.js';
import type { VirtualTime } from './virtualTime.js';

/** What a function did in a day. */
export interface FunctionCounts {
  invocations: number;
  /** Milliseconds that its instances were busy. */
  busy: number;
  /** Invocations that ran into the timeout. */
  timeouts: number;
}

/** An instance of a function that stays warm, with what its process keeps from one invocation to the next. */
export class Instance {
  private machine: Machine;
  readonly store: StateStore;
  private readonly silences: AlertPorts['silences'];
  private readonly ledger: BatchLedger;

  constructor(
    private readonly time: VirtualTime,
    private readonly setting: { readonly memory: number; readonly timeout: number },
    of: 'alert' | 'sweep',
    table: AlertsTable,
    private readonly notifier: Notifier,
    weightOf: WeightOf,
    weight: number,
  ) {
    this.machine = new Machine(time, setting.memory);
    this.store = counting(
      alertStates(
        table.client(of, () => this.machine),
        'alerts',
        // Keys that stand for many have as much less room.
        (setting.memory * MiB) / recentPart / weight,
        () => this.machine.now(),
      ),
      weightOf,
      () => this.machine,
    );
    this.ledger = new BatchLedger(this.store, () => this.machine.now());
    this.silences = recentSilences(this.store, () => this.machine.now());
  }

  /** Runs an invocation, and ends it when its time is over. @returns milliseconds, and what `act` came to; nothing when it was ended */
  async invoke<T>(
    act: (ports: AlertPorts, machine: Machine) => Promise<T>,
  ): Promise<{ readonly took: number; readonly result?: T }> {
    const { time, notifier, store, silences, ledger } = this;
    const begun = time.now();
    const machine = new Machine(time, this.setting.memory);
    this.machine = machine;
    const deadline = begun + this.setting.timeout - margin;
    const work = act({ store, notifier, clock: machine, silences, ledger, deadline }, machine).then(
      async (result) => {
        await machine.paid();
        return { result };
      },
      (error: unknown) => {
        if (machine.isEnded) return {};
        throw error;
      },
    );
    // Work on a key that stands for many comes in one piece, and ends no function that would have stopped in between.
    const timeout = time
      .sleepUntil(begun + this.setting.timeout)
      .then(() => time.sleepUntil(time.now() + 2 * machine.largest))
      .then(() => {
        machine.isEnded = true;
        return {};
      });
    const done: { readonly result?: T } = await Promise.race([work, timeout]);
    return { took: time.now() - begun, ...done };
  }
}

const MiB = 2 ** 20;

/** Of a function's memory, what is kept of states: functions/alert/environment.ts. */
const recentPart = 16;

/** Kept back of an invocation's time, as functions/alert/environment.ts does. */
const margin = 1000;

/**
 * Whoever decides on a key asks for what is known of it first. The work for the other keys that it stands for comes after its own, so
 * that no more time passes between what is known of it and what is saved than does of one: another instance is faster as often.
 */
function counting(store: StateStore, weightOf: WeightOf, machine: () => Machine): StateStore {
  return {
    load: (id) => store.load(id),
    recall(id) {
      machine().spend(measured.alertCpuPerKey);
      machine().owe(measured.alertCpuPerKey * (weightOf(id) - 1));
      return store.recall?.(id);
    },
    save: (...of) => store.save(...of),
    together: (id, work) => savedTogether(store, id, (together) => work(counting(together, weightOf, machine))),
    remove: (id) => store.remove(id),
    agenda: (...of) => store.agenda(...of),
    scan: (prefix) => store.scan(prefix),
  };
}

/** functions/alert and what invokes it: the queue's event source, with its batches and its concurrency. */
export class AlertFunction {
  readonly counts: FunctionCounts = { invocations: 0, busy: 0, timeouts: 0 };
  private readonly idle: Instance[];
  private looksAgain = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly setting: Setting,
    private readonly queue: SignalQueue,
    private readonly book: RuleBook,
    private readonly newInstance: () => Instance,
    /** Whether every invocation fails at a time. */
    private readonly isDown: (at: number) => boolean,
    /** Told of each invocation, with its milliseconds. */
    private readonly told: (counted: readonly Message[], took: number) => void,
  ) {
    this.idle = Array.from({ length: setting.alert.concurrency }, newInstance);
    queue.watch(() => this.poll());
  }

  private poll(): void {
    const { batchSize, batchWindow } = this.setting.alert;
    for (let oldest = this.queue.oldest; oldest !== undefined && this.idle.length > 0; oldest = this.queue.oldest) {
      const due = oldest + batchWindow;
      if (this.queue.length < batchSize && this.time.now() < due) {
        if (this.looksAgain < due) {
          this.looksAgain = due;
          this.time.at(due, () => this.poll());
        }
        return;
      }
      const instance = this.idle.pop();
      if (instance) void this.run(instance, this.queue.receive(batchSize, lambda.maxPayloadBytes));
    }
  }

  private async run(instance: Instance, messages: readonly Message[]): Promise<void> {
    const received = this.time.now();
    this.counts.invocations++;
    const failed = new Set(messages);
    const { took, result } = await instance.invoke(async (ports, machine) => {
      if (this.isDown(received)) return false;
      for (const { bytes } of messages) machine.spend((measured.alertCpuPerKb * bytes) / 1024);
      const raised = await raiseBatches(
        [...messages].sort((a, b) => a.sent - b.sent).map(({ batch }) => batch),
        this.book,
        ports,
      );
      for (const message of messages) if (!raised.undone.has(message.batch)) failed.delete(message);
      return true;
    });
    this.counts.busy += took;
    // Lambda did not hear which of them were done.
    if (result === undefined) {
      this.counts.timeouts++;
      for (const message of messages) failed.add(message);
    }
    for (const message of messages) {
      if (failed.has(message)) this.queue.leave(message, received);
      else this.queue.delete();
    }
    this.told(
      messages.filter((message) => !failed.has(message)),
      took,
    );
    // What has failed may have spoilt what the instance knows: Lambda begins a new one.
    this.idle.push(result === undefined ? this.newInstance() : instance);
    this.poll();
  }
}
