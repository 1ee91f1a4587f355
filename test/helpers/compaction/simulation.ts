import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { compactType } from '../../../shared/compact/compactType.js';
import type { Control } from '../../../shared/compact/control.js';
import { arrivalHourIn, layout } from '../../../shared/compact/layout.js';
import type { Manifest } from '../../../shared/compact/manifest.js';
import type { CompactionPorts, CompactionSettings } from '../../../shared/compact/ports.js';
import { lengthOf, startOf, type WindowLength } from '../../../shared/compact/windows.js';
import { arrivedHour } from '../../../shared/line/partition.js';
import { identityOf, linesOf, memoryEngine, rowsOf } from './memoryEngine.js';
import { MemoryCatalog, MemoryStore } from './memoryStore.js';

/** Something that happens to a stream that is compacted. */
export type Happening =
  /** An object appears, in the folder of an hour before. `lines` are numbers of possible lines: the same number is the same line sent again. */
  | { readonly kind: 'landing'; readonly hoursAgo: number; readonly lines: readonly number[] }
  /** An object appears that no engine can read. */
  | { readonly kind: 'damage' }
  | { readonly kind: 'pause'; readonly minutes: number }
  /** A worker is invoked, whose clock may be behind. */
  | { readonly kind: 'worker'; readonly behind: number }
  /** Some workers go on by one call each. */
  | { readonly kind: 'calls'; readonly picks: readonly number[] }
  /** The next call of a worker fails before it has done anything, or afterwards, or the worker dies in it. */
  | {
      readonly kind: 'fault';
      readonly pick: number;
      readonly how: 'before' | 'after' | 'killed before' | 'killed after';
    }
  /** Columns change, or the length of windows. */
  | { readonly kind: 'deploy'; readonly window: WindowLength }
  /** Somebody deletes a landed object. */
  | { readonly kind: 'deletion'; readonly pick: number };

const minutes = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 10, max: 120 }));
const pick = fc.nat({ max: 30 });

/** @param deletions whether somebody deletes landed objects by hand */
export function happenings({ deletions = true } = {}): fc.Arbitrary<readonly Happening[]> {
  const landing = fc.record({
    kind: fc.constant('landing' as const),
    hoursAgo: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 0, max: 30 })),
    lines: fc.array(fc.nat({ max: 24 }), { maxLength: 4 }),
  });
  const how = fc.constantFrom('before' as const, 'after' as const, 'killed before' as const, 'killed after' as const);
  const worker = fc.record({ kind: fc.constant('worker' as const), behind: fc.nat({ max: 10 }) });
  const any = fc.oneof(
    { weight: 6, arbitrary: landing },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('pause' as const), minutes }) },
    { weight: 5, arbitrary: worker },
    {
      weight: 14,
      arbitrary: fc.record({
        kind: fc.constant('calls' as const),
        picks: fc.array(pick, { minLength: 1, maxLength: 40 }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('fault' as const), pick, how }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('deploy' as const),
        window: fc.constantFrom<WindowLength>('hour', 'hour', 'day'),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'damage' as const }) },
    ...(deletions ? [{ weight: 1, arbitrary: fc.record({ kind: fc.constant('deletion' as const), pick }) }] : []),
  );
  return fc.array(any, { maxLength: 120, size: 'max' });
}

const type = 'access';
const MINUTE = 60_000;
const closingTime = 20 * MINUTE;

interface Call {
  readonly worker: SimulatedWorker;
  readonly go: (fault?: 'before' | 'after') => void;
}

interface SimulatedWorker {
  readonly until: number;
  dead: boolean;
}

interface Landed {
  readonly uid: number;
  readonly identity: string | undefined;
  readonly key: string;
  readonly onTime: boolean;
}

/** A stream, its bucket and its workers, each call of which waits until it is picked. After every one all promises are looked at. */
export class Simulation {
  private time = Date.parse('2026-11-28T22:10:00Z');
  private readonly store = new MemoryStore(() => this.time, 3);
  private readonly catalog = new MemoryCatalog();
  private readonly landed: Landed[] = [];
  private readonly deleted = new Set<string>();
  private readonly damaged = new Set<string>();
  private waiting: Call[] = [];
  private running = new Set<SimulatedWorker>();
  private settings: CompactionSettings = {
    window: 'hour',
    landedDays: 14,
    retentionDays: 395,
    closingTime,
    // Two or three of the objects that land here.
    manifestBytes: 400,
    view: (_, boundary) => `1 ${boundary}`,
  };
  private deploys = 1;
  private workers = 0;
  private changes = true;

  constructor(private readonly compact: typeof compactType) {}

  /** @throws when a promise is broken on the way, or at the end, once everything that hangs has gone on. */
  async live(all: readonly Happening[]): Promise<void> {
    for (const each of all) {
      await this.happen(each);
      this.checkPromises();
    }
    await this.settle();
    this.checkEnd();
  }

  private async happen(each: Happening): Promise<void> {
    switch (each.kind) {
      case 'landing':
        return this.land(each.hoursAgo, each.lines);
      case 'damage':
        return this.damage();
      case 'pause':
        this.time += each.minutes * MINUTE;
        // Lambda ends what takes too long.
        for (const worker of this.running) if (worker.until <= this.time) this.kill(worker);
        return;
      case 'worker':
        return this.invoke(each.behind);
      case 'calls':
        for (const number of each.picks) await this.proceed(number);
        return;
      case 'fault':
        return this.proceed(each.pick, each.how);
      case 'deploy': {
        const number = ++this.deploys;
        const retentionDays = number % 2 ? 395 : 30;
        const view = (_: string, boundary: string) => `${number} ${boundary}`;
        this.settings = { ...this.settings, window: each.window, retentionDays, view };
        return;
      }
      case 'deletion':
        return this.delete(each.pick);
    }
  }

  private land(hoursAgo: number, lines: readonly number[]): void {
    const hour = arrivedHour(this.time - hoursAgo * 60 * MINUTE);
    const key = `logs/type=${type}/arrived=${hour}/logs-${String(this.landed.length).padStart(6, '0')}-${this.time}.json`;
    const onTime = this.time < startOf(hour) + lengthOf('hour') + closingTime;
    const rows = lines.map((number, at) => {
      const row = { ...possibleRow(number), uid: this.landed.length + at };
      return { row, landed: { uid: row.uid, identity: identityOf(row), key, onTime } };
    });
    this.landed.push(...rows.map(({ landed }) => landed));
    this.store.put(key, Buffer.from(rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')));
    this.changes = true;
  }

  private damage(): void {
    const name = `logs-${this.time}-${this.damaged.size}-damaged.json`;
    const key = `logs/type=${type}/arrived=${arrivedHour(this.time)}/${name}`;
    this.store.put(key, Buffer.from('{"ts": "2026-11-28 2'));
    this.damaged.add(key);
    this.changes = true;
  }

  private delete(pick: number): void {
    const keys = [...this.store.objects.keys()].filter((key) => key.startsWith('logs/'));
    const key = keys[pick % Math.max(1, keys.length)];
    if (key === undefined) return;
    this.store.objects.delete(key);
    this.deleted.add(key);
    this.changes = true;
  }

  private async invoke(behind: number): Promise<void> {
    const lifetime = 15 * MINUTE;
    const worker: SimulatedWorker = { until: this.time + lifetime, dead: false };
    this.running.add(worker);
    const now = () => this.time - behind * MINUTE;
    // Mostly they have one name, and so the right to work beside each other: nothing must rely on their taking turns.
    const id = `worker ${++this.workers % 4 === 0 ? this.workers : ''}`;
    // Its clock is behind, and so is what it takes for its end: it would go on for ever if Lambda let it.
    void this.compact(type, { id, until: now() + lifetime }, this.portsOf(worker, now), this.settings)
      .catch((error: unknown) => {
        if (!(error instanceof InjectedError || /gone or were replaced|can't be run/.test(String(error))))
          this.failure ??= error;
      })
      .finally(() => this.running.delete(worker));
    await turn();
  }

  private failure: unknown;
  private boundary = '';

  private portsOf(worker: SimulatedWorker, now: () => number): CompactionPorts {
    const { store, catalog } = this;
    const call = <T>(act: () => Promise<T>) => this.call(worker, act);
    const change = <T>(act: () => Promise<T>) => {
      const noted = async () => {
        this.changes = true;
        return act();
      };
      return this.call(worker, noted);
    };
    return {
      now,
      store: {
        async *list(prefix, after = '') {
          let last = after;
          for (;;) {
            const page = await call(async () => store.page(prefix, last));
            yield* page;
            last = page.at(-1)?.key ?? '';
            if (page.length === 0) return;
          }
        },
        get: (key, etag) => call(() => store.get(key, etag)),
        create: (key, body) => change(() => store.create(key, body)),
        replace: (key, body, etag) => change(() => store.replace(key, body, etag)),
        remove: (keys) => change(() => store.remove(keys)),
      },
      catalog: {
        read: (name) => call(() => catalog.read(name)),
        write: (name, definition, version) => change(() => catalog.write(name, definition, version)),
      },
      engine: memoryEngine,
    };
  }

  private async call<T>(worker: SimulatedWorker, act: () => Promise<T>): Promise<T> {
    const fault = await new Promise<'before' | 'after' | undefined>((go) => this.waiting.push({ worker, go }));
    if (fault === 'before') throw new InjectedError('before');
    const result = await act();
    if (worker.dead) await new Promise(() => undefined);
    if (fault === 'after') throw new InjectedError('after');
    return result;
  }

  private async proceed(pick: number, how?: (Happening & { kind: 'fault' })['how']): Promise<void> {
    const call = this.waiting[pick % Math.max(1, this.waiting.length)];
    if (!call) return;
    this.waiting = this.waiting.filter((each) => each !== call);
    if (how === 'killed before') return this.kill(call.worker);
    if (how === 'killed after') this.kill(call.worker);
    call.go(how === 'before' || how === 'after' ? how : undefined);
    await turn();
    if (this.failure) throw this.failure;
    this.checkPromises();
  }

  private kill(worker: SimulatedWorker): void {
    worker.dead = true;
    this.running.delete(worker);
    this.waiting = this.waiting.filter((each) => each.worker !== worker);
  }

  /** No more faults: what hangs goes on, then time passes until all windows are closed and looked through. */
  private async settle(): Promise<void> {
    await this.drain();
    for (let round = 0; round < 4; round++) {
      this.time += 13 * 60 * MINUTE;
      for (let again = 0; again < 2; again++) await this.invokeAlone();
      // Each object that can't be read may keep a manifest of its own from being run.
      for (let again = 0; again < 6 * this.damaged.size && this.control()?.failing; again++) {
        this.time += 61 * MINUTE;
        await this.invokeAlone();
      }
    }
  }

  private async invokeAlone(): Promise<void> {
    await this.invoke(0);
    await this.drain();
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.proceed(0);
  }

  /** Never a line twice; and of what landed in time nothing is missing, ever. */
  private checkPromises(): void {
    if (!this.changes) return;
    this.changes = false;
    const view = this.catalog.views.get(type);
    if (!view) return;
    const boundary = view.definition.split(' ')[1] ?? '';
    if (boundary < this.boundary) throw new Error(`the boundary went back from ${this.boundary} to ${boundary}`);
    this.boundary = boundary;
    const shown = this.shown(boundary);
    const uids = new Set(shown.map(({ uid }) => uid));
    if (uids.size < shown.length) throw new Error(`a line is shown twice: ${shown.map(({ uid }) => uid)}`);
    const taken = this.takenKeys();
    const identities = new Set(shown.map(({ identity }) => identity));
    // Until the boundary has passed it, a line whose object was deleted by hand is gone.
    const deleted = new Set(this.landed.filter(({ key }) => this.deleted.has(key)).map(nameOf));
    for (const { uid, identity, key, onTime } of this.landed) {
      if (uids.has(uid) || (identity !== undefined && identities.has(identity))) continue;
      if (deleted.has(nameOf({ uid, identity }))) continue;
      if (onTime || taken.has(key))
        throw new Error(`line ${uid} of ${key} is missing, with the boundary at ${boundary}`);
    }
  }

  private checkEnd(): void {
    const boundary = this.catalog.views.get(type)?.definition.split(' ')[1] ?? '';
    if (startOf(boundary) < this.time - 26 * 60 * MINUTE) throw new Error(`the boundary stays at ${boundary}`);
    const shown = this.shown(boundary);
    const times = (identity: string | undefined) => shown.filter((each) => each.identity === identity).length;
    const parked = this.control()?.parked?.map(({ key }) => key) ?? [];
    const damaged = [...this.damaged].filter((key) => !this.deleted.has(key));
    if (
      [...parked]
        .filter((key) => !this.deleted.has(key))
        .sort()
        .join() !== damaged.sort().join()
    )
      throw new Error(`parked are ${parked}, and damaged ${damaged}`);
    const taken = this.takenKeys();
    for (const { uid, identity, key } of this.landed) {
      const isDeleted = this.deleted.has(key) && !taken.has(key);
      const count = identity === undefined ? shown.filter((each) => each.uid === uid).length : times(identity);
      if (isDeleted ? count > 1 : count !== 1)
        throw new Error(`line ${uid} (${identity}) is there ${count} times at the end`);
    }
  }

  /** What a query sees. */
  private shown(boundary: string): { readonly uid: number; readonly identity: string | undefined }[] {
    const rows: { readonly [column: string]: unknown }[] = [];
    for (const [key, { body }] of this.store.objects) {
      if (key.startsWith('parquet/')) rows.push(...rowsOf(body).filter(({ arrived }) => arrived < boundary));
      if (this.damaged.has(key)) continue;
      if (key.startsWith('logs/') && arrivalHourIn(key) >= boundary) rows.push(...linesOf(body));
    }
    return rows.map((row) => ({ uid: row.uid as number, identity: identityOf(row) }));
  }

  private takenKeys(): ReadonlySet<string> {
    const control = this.control();
    const keys = new Set<string>();
    for (let number = 0; number < (control?.manifest ?? 0); number++) {
      if (this.json<{ gone?: unknown }>(layout.outputs(type, number))?.gone) continue;
      for (const { key } of this.json<Manifest>(layout.manifest(type, number))?.objects ?? []) keys.add(key);
    }
    return keys;
  }

  private control(): Control | undefined {
    return this.json<Control>(layout.control(type));
  }

  private json<T>(key: string): T | undefined {
    const found = this.store.objects.get(key);
    return found && (JSON.parse(String(Buffer.from(found.body))) as T);
  }
}

/** The same for a line and its duplicates. */
function nameOf({ uid, identity }: Pick<Landed, 'uid' | 'identity'>): string {
  return identity ?? String(uid);
}

class InjectedError extends Error {}

/** 25 lines that may arrive: of several records and hours, some in parts, some of clocks that are far off, one that states no record. */
function possibleRow(number: number): { readonly [column: string]: unknown } {
  if (number === 0) return { ts: '2026-11-28 21:00:00.000' };
  const hour = ['7a3f0', '7a3f1', '7a430', '00000', 'fffff'][number % 5];
  return {
    ts: ['2026-11-28 21:00:00.000', '1970-01-01 00:00:00.000', '2026-11-30 01:00:00.000', '2026-02-01 00:00:00.000'][
      number % 4
    ],
    ...(number > 20 ? { fields: `{"part":${number % 2},"parts":2}` } : {}),
    record: `${hour}record${number % 3}`,
    line: Math.floor(number / 8) + 1,
  };
}
