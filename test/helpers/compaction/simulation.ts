import { setImmediate as turn } from 'node:timers/promises';
import type { Control } from '../../../shared/compact/control.js';
import { workerEnded } from '../../../shared/compact/failing.js';
import { arrivalHourIn, layout } from '../../../shared/compact/layout.js';
import type { Manifest } from '../../../shared/compact/manifest.js';
import { messageOf } from '../../../shared/compact/message.js';
import type { ParkedObject } from '../../../shared/compact/parked.js';
import { oldestHour } from '../../../shared/compact/plan.js';
import type { CompactionPorts, CompactionSettings } from '../../../shared/compact/ports.js';
import { lengthOf, startOf } from '../../../shared/compact/windows.js';
import type { CompactionQueue, work } from '../../../shared/compact/work.js';
import { arrivedHour } from '../../../shared/line/partition.js';
import { FailedRecords } from './failedRecords.js';
import type { Fault, Happening, ReplayFault } from './happenings.js';
import { identityOf, linesOf, memoryEngine, rowsOf } from './memoryEngine.js';
import { MemoryCatalog, MemoryStore } from './memoryStore.js';
import { possibleRow, type Row } from './possibleRows.js';

const type = 'access';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const closingTime = 20 * MINUTE;
const lifetime = 15 * MINUTE;
/** A little longer than landed objects, as in infra/resources/storage.yml. */
const landedDays = 3;
const manifestDays = 5;

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
  key: string;
  readonly onTime: boolean;
}

interface Message {
  receives: number;
  /** When it is delivered again, unless it is deleted before. */
  visible: number;
}

/** A stream, its bucket and its workers, each call of which waits until it is picked. After every one all promises are looked at. */
export class Simulation {
  private time = Date.parse('2026-11-28T22:10:00Z');
  private readonly store = new MemoryStore(() => this.time, 3);
  private readonly catalog = new MemoryCatalog();
  private readonly failed = new FailedRecords();
  private readonly landed: Landed[] = [];
  /** Objects that are gone, or too old to be looked for, before a manifest took them. */
  private readonly deleted = new Set<string>();
  private readonly damaged = new Set<string>();
  private readonly taken = new Set<string>();
  private manifestsSeen = 0;
  private messages: Message[] = [];
  private trouble = { how: 'fails', calls: 0 };
  private waiting: Call[] = [];
  private running = new Set<SimulatedWorker>();
  private settings: CompactionSettings = {
    window: 'hour',
    landedDays,
    retentionDays: 395,
    closingTime,
    // Two or three of the objects that land here.
    manifestBytes: 400,
    unpackedBytes: 1e9,
    view: (_, boundary) => `1 ${boundary}`,
  };
  private deploys = 1;
  private workers = 0;
  private changes = true;

  constructor(private readonly workOff: typeof work) {}

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
        return this.land(each.hoursAgo, each.lines.map(possibleRow));
      case 'failure':
        return this.failed.fail(each.records, this.time);
      case 'replay':
        return this.replay(each);
      case 'damage':
        return this.damage();
      case 'pause':
        return this.elapse(each.minutes * MINUTE);
      case 'days':
        for (let half = 0; half < each.halves; half++) await this.halfADay();
        return;
      case 'worker':
        this.messages.push({ receives: 0, visible: this.time });
        return this.deliver(each.behind);
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
      case 'trouble':
        this.trouble = { how: each.how, calls: each.calls };
        return;
    }
  }

  private land(hoursAgo: number, lines: readonly Row[]): void {
    const hour = arrivedHour(this.time - hoursAgo * HOUR);
    const key = `logs/type=${type}/arrived=${hour}/logs-${String(this.landed.length).padStart(6, '0')}-${this.time}.json`;
    const onTime = this.time < startOf(hour) + lengthOf('hour') + closingTime;
    const rows = lines.map((line, at) => {
      const row = { ...line, uid: this.landed.length + at };
      return { row, landed: { uid: row.uid, identity: identityOf(row), key, onTime } };
    });
    this.landed.push(...rows.map(({ landed }) => landed));
    this.store.put(key, Buffer.from(rows.map(({ row }) => `${JSON.stringify(row)}\n`).join('')));
    this.changes = true;
  }

  private async replay(how: { readonly again: boolean; readonly faults: readonly ReplayFault[] }): Promise<void> {
    for (const rows of await this.failed.replay(how, this.time)) this.land(0, rows);
  }

  private damage(): void {
    const name = `logs-${this.time}-${this.damaged.size}-damaged.json.gz`;
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

  /** Time passes: Lambda ends what takes too long, and S3 removes what is old enough. */
  private elapse(ms: number): void {
    this.time += ms;
    for (const worker of this.running) if (worker.until <= this.time) this.kill(worker);
    this.noteTaken();
    const oldest = oldestHour(this.time, this.settings);
    for (const [key, { modified }] of this.store.objects) {
      const age = this.time - modified;
      const isExpired = age >= (key.startsWith('logs/') ? landedDays : manifestDays) * DAY;
      if (isExpired && /^(logs|compact\/(manifests|outputs))\//.test(key)) this.store.objects.delete(key);
      const isForgotten = isExpired || arrivalHourIn(key) < oldest;
      if (key.startsWith('logs/') && isForgotten && !this.taken.has(key)) this.deleted.add(key);
    }
    this.changes = true;
  }

  /** The workers of the schedule, whom nothing disturbs. */
  private async halfADay(): Promise<void> {
    await this.drain();
    this.elapse(12 * HOUR);
    for (let run = 0; run < 2; run++) await this.invokeAlone();
    // Each object that can't be read may keep a manifest of its own from being run.
    for (let run = 0; run < 20 + 6 * this.damaged.size && this.control()?.failing; run++) {
      this.elapse(61 * MINUTE);
      await this.invokeAlone();
    }
  }

  private async deliver(behind: readonly number[]): Promise<void> {
    const message = this.messages.find(({ visible }) => visible <= this.time);
    if (!message) return;
    message.receives++;
    message.visible = this.time + 6 * lifetime;
    await this.invoke(behind, () => {
      this.messages = this.messages.filter((each) => each !== message);
    });
    // What has failed so often is a dead letter.
    this.messages = this.messages.filter(({ receives }) => receives < 3);
  }

  private async invoke(behind: readonly number[], done: () => void): Promise<void> {
    const worker: SimulatedWorker = { until: this.time + lifetime, dead: false };
    this.running.add(worker);
    let looks = 0;
    const now = () => this.time - (behind[looks++ % behind.length] ?? 0) * MINUTE;
    // Mostly they have one name, and so the right to work beside each other: nothing must rely on their taking turns.
    const id = `worker ${++this.workers % 4 === 0 ? this.workers : ''}`;
    // Its clock is behind, and so is what it takes for its end: it would go on for ever if Lambda let it.
    void this.workOff(messageOf(type), { id, until: now() + lifetime }, this.portsOf(worker, now), this.settings)
      .then(done)
      .catch((error: unknown) => {
        if (!(error instanceof InjectedError || /gone or were replaced|can't be run/.test(String(error))))
          this.failure ??= error;
      })
      .finally(() => this.running.delete(worker));
    await turn();
  }

  private failure: unknown;
  private boundary = '';

  private portsOf(worker: SimulatedWorker, now: () => number): CompactionPorts & { readonly queue: CompactionQueue } {
    const { store, catalog } = this;
    const call = <T>(act: () => Promise<T>) => this.call(worker, act);
    const change = <T>(act: () => Promise<T>) => {
      const noted = async () => {
        this.changes = true;
        return act();
      };
      return this.call(worker, noted);
    };
    const troubled = <T>(act: () => Promise<T>) =>
      call(async () => {
        if (this.trouble.calls === 0) return act();
        this.trouble.calls--;
        if (this.trouble.how === 'fails') throw new InjectedError(`${injected}: trouble`);
        this.kill(worker);
        return new Promise<never>(() => undefined);
      });
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
      engine: {
        open: (job) =>
          troubled(async () => {
            const open = await memoryEngine.open(job);
            return { ...open, write: (earlier) => troubled(() => open.write(earlier)), close: () => call(open.close) };
          }),
      },
      queue: { send: () => call(async () => void this.messages.push({ receives: 0, visible: this.time })) },
    };
  }

  private async call<T>(worker: SimulatedWorker, act: () => Promise<T>): Promise<T> {
    const fault = await new Promise<'before' | 'after' | undefined>((go) => this.waiting.push({ worker, go }));
    if (fault === 'before') throw new InjectedError(`${injected}: before`);
    const result = await act();
    if (worker.dead) await new Promise(() => undefined);
    if (fault === 'after') throw new InjectedError(`${injected}: after`);
    return result;
  }

  private async proceed(pick: number, how?: Fault): Promise<void> {
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

  /** No more faults: what hangs goes on, all that failed is replayed, then time passes until all windows are closed and looked through. */
  private async settle(): Promise<void> {
    this.trouble.calls = 0;
    await this.drain();
    await this.replay({ again: true, faults: [] });
    // A window may be a day, and closes a while after.
    do for (let half = 0; half < 4; half++) await this.halfADay();
    while (this.putParkedBack());
  }

  /** What was parked since its workers were killed, or the engine failed on it, is put under another name, as docs/storage.md says. */
  private putParkedBack(): boolean {
    let some = false;
    for (const { key } of this.parked()) {
      const found = this.store.objects.get(key);
      if (!found) continue;
      this.store.objects.delete(key);
      const now = `logs/type=${type}/arrived=${arrivedHour(this.time)}/again-${key.split('/').at(-1)}`;
      this.store.put(now, found.body);
      for (const each of this.landed) if (each.key === key) each.key = now;
      some = true;
    }
    return some;
  }

  /** Those that are none of the damaged ones. */
  private parked(): readonly ParkedObject[] {
    const parked = (this.control()?.parked ?? []).filter(({ key }) => !this.damaged.has(key));
    for (const { key, reason } of parked)
      if (reason !== workerEnded.reason && !reason.includes(injected)) throw new Error(`${key} is parked: ${reason}`);
    return parked;
  }

  private async invokeAlone(): Promise<void> {
    await this.invoke([0], () => undefined);
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
    this.noteTaken();
    const parked = new Set(this.parked().map(({ key }) => key));
    const identities = new Set(shown.map(({ identity }) => identity));
    // Until the boundary has passed it, a line whose object was deleted by hand is gone.
    const deleted = new Set(this.landed.filter(({ key }) => this.deleted.has(key)).map(nameOf));
    for (const { uid, identity, key, onTime } of this.landed) {
      if (uids.has(uid) || (identity !== undefined && identities.has(identity))) continue;
      if (deleted.has(nameOf({ uid, identity })) || parked.has(key)) continue;
      if (onTime || this.taken.has(key))
        throw new Error(`line ${uid} of ${key} is missing, with the boundary at ${boundary}`);
    }
  }

  private checkEnd(): void {
    const boundary = this.catalog.views.get(type)?.definition.split(' ')[1] ?? '';
    if (startOf(boundary) < this.time - 26 * 60 * MINUTE) throw new Error(`the boundary stays at ${boundary}`);
    const shown = this.shown(boundary);
    const times = (identity: string | undefined) => shown.filter((each) => each.identity === identity).length;
    const there = (keys: Iterable<string>) => [...keys].filter((key) => this.store.objects.has(key)).sort();
    const parked = there((this.control()?.parked ?? []).map(({ key }) => key));
    const damaged = there(this.damaged);
    if (parked.join() !== damaged.join()) throw new Error(`parked are ${parked}, and damaged ${damaged}`);
    this.failed.check();
    for (const { uid, identity, key } of this.landed) {
      const isDeleted = this.deleted.has(key) && !this.taken.has(key);
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

  /** Manifests expire, so what they took is kept here. */
  private noteTaken(): void {
    for (const last = this.control()?.manifest ?? 0; this.manifestsSeen < last; this.manifestsSeen++) {
      const number = this.manifestsSeen;
      if (this.json<{ gone?: unknown }>(layout.outputs(type, number))?.gone) continue;
      for (const { key } of this.json<Manifest>(layout.manifest(type, number))?.objects ?? []) this.taken.add(key);
    }
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

const injected = 'injected';

class InjectedError extends Error {}
