import { randomBytes } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { replay } from '../../../shared/bounds.js';
import { readLabel } from '../../../shared/record/label.js';
import { findObjects } from '../../../shared/replay/find.js';
import { Pace } from '../../../shared/replay/pace.js';
import type { ReplayTask } from '../../../shared/replay/ports.js';
import { putObjectBack } from '../../../shared/replay/putObjectBack.js';
import {
  ask,
  type Fate,
  failedLine,
  replayKeys as keys,
  ReplayWorld,
  runReplay as run,
  work,
  workOff,
} from '../../helpers/replayWorld.js';

/** Content → identities under which it came to the stream. */
function byContent(world: ReplayWorld): Map<string, Set<string>> {
  const seen = new Map<string, Set<string>>();
  for (const data of world.onStream) {
    const label = readLabel(data, keys)?.label;
    if (label?.kind !== 'replay') throw new Error('a record without the label of a replay');
    const content = gunzipSync(data).toString();
    seen.set(content, (seen.get(content) ?? new Set()).add(label.identity.name));
  }
  return seen;
}

const failedKey = (index: number) =>
  `failed/processing-failed/dt=2026-11-28/hour=13/logs-1-${String(index).padStart(4, '0')}`;

describe('a replay whose calls fail anywhere', () => {
  it('puts each record at least once, always under the same name, and tags an object once all of it is on the stream', async () => {
    const fates = fc.array(fc.tuple(fc.nat(12), fc.constantFrom<Fate>('fails before', 'fails after')), {
      maxLength: 25,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }),
        fates,
        fc.boolean(),
        async (counts, faults, isShortOfTime) => {
          const world = new ReplayWorld();
          const records = counts.map((count, object) =>
            Array.from({ length: count }, (_, index) => `line ${index} of object ${object}`),
          );
          for (const [object, lines] of records.entries())
            world.add('logs', failedKey(object), lines.map((line) => failedLine(line)).join(''));
          world.onTag = ({ key }) => {
            const lines = records[records.findIndex((_, object) => failedKey(object) === key)] ?? [];
            const there = byContent(world);
            for (const line of lines) expect(there.has(line)).toBe(true);
          };
          let call = 0;
          let next = 0;
          world.fate = () => {
            const [after, fate] = faults[next] ?? [Number.POSITIVE_INFINITY, 'works' as const];
            if (call++ < after) return 'works';
            call = 0;
            next++;
            return fate;
          };
          const { id, dead } = await run(world, { source: 'failed' }, () => (isShortOfTime ? -1 : 60_000));

          // What is dead is redriven, once nothing fails any more.
          world.fate = () => 'works';
          world.queued.push(...dead);
          await workOff(world, () => 60_000);

          const there = byContent(world);
          expect([...there.keys()].sort()).toEqual(records.flat().sort());
          for (const names of there.values()) expect(names.size).toBe(1);
          expect(new Set([...there.values()].flatMap((names) => [...names])).size).toBe(records.flat().length);
          for (const [object] of records.entries())
            expect(world.tagsOf('logs', failedKey(object))).toEqual({ 'firesplit-replayed': id });
          expect(await ask(world, { status: id })).toMatchObject({
            state: 'done',
            objects: { found: counts.length, done: counts.length },
            records: { read: records.flat().length, put: records.flat().length, skipped: 0 },
          });
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('a replay', () => {
  it('finds more objects than a part holds, however often its search is cut short', async () => {
    const world = new ReplayWorld();
    const count = 2 * replay.objectsInPart + 7;
    for (let index = 0; index < count; index++) world.add('logs', failedKey(index), failedLine(`line ${index}`));
    const { id } = await run(world, { source: 'failed' }, () => -1);
    expect(byContent(world).size).toBe(count);
    expect(await ask(world, { status: id })).toMatchObject({ state: 'done', objects: { found: count, done: count } });
  });

  it('finds the objects that are named, each once, and goes on behind those it has found', async () => {
    const world = new ReplayWorld();
    const count = replay.objectsInPart + 50;
    for (let index = 0; index < count; index++) world.add('logs', failedKey(index), failedLine(`line ${index}`));
    world.add('other', 'x', failedLine('of another bucket'));
    const named = Array.from({ length: count }, (_, index) => failedKey(count - 1 - index));
    await run(world, { source: 'failed', keys: [...named, failedKey(0), 's3://other/x', 'failed/none'] }, () => -1);
    expect(world.onStream).toHaveLength(count + 1);
    expect(byContent(world).size).toBe(count + 1);
  });

  it('takes no more objects than it may', async () => {
    const world = new ReplayWorld();
    for (let index = 0; index < 9; index++) world.add('logs', failedKey(index), failedLine(`line ${index}`));
    await run(world, { source: 'failed', limit: 4 });
    expect([...byContent(world).keys()]).toEqual(['line 0', 'line 1', 'line 2', 'line 3']);
  });

  it('passes over what an earlier one has put back, unless it is told to', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a'));
    // Both begin before either has done anything.
    const { replay: first } = await ask(world, { source: 'failed', dryRun: false });
    const { replay: second } = await ask(world, { source: 'failed', dryRun: false });
    await workOff(world, () => 60_000);
    expect(world.onStream).toHaveLength(1);
    expect(await ask(world, { status: second })).toMatchObject({
      state: 'done',
      objects: { skipped: 1 },
      problems: [{ why: `it was put back by ${first}; "again": true puts it back once more` }],
    });
    expect(await ask(world, { source: 'failed', dryRun: false })).toMatchObject({
      dryRun: true,
      wouldDo: 'nothing: nothing that was found is to be put back',
      putBackBefore: '1 object, passed over: "again": true puts them back once more',
    });
    await run(world, { source: 'failed', again: true });
    expect(world.onStream).toHaveLength(2);
    expect(byContent(world).get('a')?.size).toBe(1);
  });

  it('leaves an object without a tag of which it has put back a part', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a') + failedLine('b', { errorCode: 'Lambda.FunctionTimedOut' }));
    const { id } = await run(world, { source: 'failed', errorCode: 'Lambda.FunctionTimedOut' });
    expect([...byContent(world).keys()]).toEqual(['b']);
    expect(world.tagsOf('logs', failedKey(0))).toEqual({});
    expect(await ask(world, { status: id })).toMatchObject({
      records: { read: 2, put: 1, skipped: 1 },
      skippedBecause: { 'it failed with another code': 1 },
    });
  });

  it('keeps the tags that an object has, and says when there is no room for another', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a'));
    world.add('logs', failedKey(1), failedLine('b'));
    const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`tag${index}`, 'x']));
    await world.objects.tag({ bucket: 'logs', key: failedKey(0) }, { team: 'shop' });
    await world.objects.tag({ bucket: 'logs', key: failedKey(1) }, ten);
    const { id } = await run(world, { source: 'failed' });
    expect(world.tagsOf('logs', failedKey(0))).toEqual({ team: 'shop', 'firesplit-replayed': id });
    expect(world.tagsOf('logs', failedKey(1))).toEqual(ten);
    expect(await ask(world, { status: id })).toMatchObject({
      objects: { done: 2 },
      problems: [{ why: 'it has no room for the tag firesplit-replayed' }],
    });
  });

  it('parks nothing that gets on, however often it fails', async () => {
    const world = new ReplayWorld();
    const lines = Array.from({ length: 10 }, (_, index) => failedLine(randomBytes(500_000).toString('hex') + index));
    world.add('logs', failedKey(0), lines.join(''));
    // One put of nine is taken, and holds one record; a worker gives up after seven.
    let puts = 0;
    world.fate = (call) => (call === 'put' && puts++ % 9 < 8 ? 'fails before' : 'works');
    const { id, dead } = await run(world, { source: 'failed' }, () => 1e9);
    expect(dead).toEqual([]);
    expect(byContent(world).size).toBe(10);
    expect(await ask(world, { status: id })).toMatchObject({
      state: 'done',
      objects: { done: 1 },
      records: { put: 10 },
    });
  });

  it('shows an object as parked whose last attempt said nothing for an hour', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a'));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    await findObjects(String(id), 'logs', world, world.time + 60_000);
    const died = new Promise(() => undefined);
    world.objects.open = () => died as never;
    void putObjectBack(String(id), 0, keys, world, world.time + 60_000);
    await new Promise(setImmediate);
    expect(await ask(world, { status: id })).toMatchObject({ state: 'running', objects: { working: 1 } });
    world.time += 3_600_001;
    expect(await ask(world, { status: id })).toMatchObject({
      objects: { working: 0, parked: 1 },
      problems: [{ why: 'its last attempt ended without an answer' }],
    });
  });

  it('puts one batch when its time is over, and leaves the rest to another', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), Array.from({ length: 1200 }, (_, index) => failedLine(`line ${index}`)).join(''));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    await findObjects(String(id), 'logs', world, world.time + 60_000);
    world.queued.length = 0;
    for (const put of [500, 500, 200]) {
      const before = world.onStream.length;
      expect(await putObjectBack(String(id), 0, keys, world, world.time)).toBe(put);
      expect(world.onStream.length - before).toBe(put);
    }
    expect(world.queued).toEqual([
      { replay: id, object: 0 },
      { replay: id, object: 0 },
    ]);
    expect(byContent(world).size).toBe(1200);
  });

  it('stops its search when it is cancelled', async () => {
    const world = new ReplayWorld();
    for (let index = 0; index < 2 * replay.objectsInPart; index++)
      world.add('logs', failedKey(index), failedLine(`${index}`));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    const { queue } = world;
    const cancelling = {
      ...world,
      queue: {
        send: async (tasks: readonly ReplayTask[]) => {
          await ask(world, { cancel: id });
          await queue.send(tasks);
        },
      },
    };
    await findObjects(String(id), 'logs', cancelling, world.time + 60_000);
    expect(await ask(world, { status: id })).toMatchObject({
      state: 'cancelled',
      objects: { found: replay.objectsInPart },
    });
  });

  it('stops when it is cancelled', async () => {
    const world = new ReplayWorld();
    for (let index = 0; index < 5; index++) world.add('logs', failedKey(index), failedLine(`line ${index}`));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    await ask(world, { cancel: id });
    await workOff(world, () => 60_000);
    expect(world.onStream).toEqual([]);
    expect(await ask(world, { status: id })).toMatchObject({ state: 'cancelled' });
  });

  it('parks an object that can not be read, with the reason, and the others are put back', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), gzipSync(failedLine('a')).subarray(0, 40));
    world.add('logs', failedKey(1), failedLine('b'));
    const { id, dead } = await run(world, { source: 'failed' });
    expect(dead).toEqual([{ replay: id, object: 0 }]);
    expect(await ask(world, { status: id })).toMatchObject({
      state: 'done',
      objects: { done: 1, parked: 1 },
      problems: [{ object: `s3://logs/${failedKey(0)}`, why: expect.stringContaining('unexpected end of file') }],
      toTryAgain: expect.stringContaining('redrive'),
    });
  });

  it('counts the bytes that it put', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a'));
    const { id } = await run(world, { source: 'failed' });
    const put = world.onStream.reduce((sum, { length }) => sum + length, 0);
    expect(await ask(world, { status: id })).toMatchObject({ records: { read: 1, put: 1, bytesPut: put } });
  });

  it('parks an object in the last of its attempts and no sooner', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), gzipSync(failedLine('a')).subarray(0, 40));
    world.add('logs', failedKey(1), failedLine('b'));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    for (const search of world.queued.splice(0)) await work(world, search, world.time + 60_000);
    const task = world.queued.find(({ object }) => object === 0);
    if (!task) throw new Error('nothing was found');
    const parked: unknown[] = [];
    for (let attempt = 1; attempt <= replay.maxAttempts; attempt++) {
      await expect(work(world, task, world.time + 60_000)).rejects.toThrow();
      parked.push((await ask(world, { status: id })).objects);
    }
    const isParked = (objects: unknown) => (objects as { parked?: number }).parked === 1;
    expect(parked.map(isParked)).toEqual([false, false, false, false, true]);
  });

  it('passes over an object that was written anew after it was found', async () => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), failedLine('a'));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    await findObjects(String(id), 'logs', world, world.time + 60_000);
    world.queued.shift();
    world.add('logs', failedKey(0), failedLine('b'));
    await workOff(world, () => 60_000);
    expect(world.onStream).toEqual([]);
    expect(await ask(world, { status: id })).toMatchObject({
      problems: [{ why: 'it has changed since it was found' }],
    });
  });

  it.each([
    ['send', [1, 2, 3]],
    ['off', [1, 1, 1]],
  ])('notes each put while alerts are %s', async (alerts, notes) => {
    const world = new ReplayWorld();
    world.add('logs', failedKey(0), Array.from({ length: 1500 }, (_, index) => failedLine(`line ${index}`)).join(''));
    const reads: number[] = [];
    const { putBatch } = world.stream;
    const stream = {
      putBatch: async (records: readonly Uint8Array[]) => {
        const part = [...world.kept].find(([name]) => name.endsWith('objects-00000.json'))?.[1];
        reads.push(1 + JSON.parse(String(part?.body)).objects[0].read / 500);
        return putBatch(records);
      },
    };
    await run(Object.assign(world, { stream }), { source: 'failed', alerts });
    expect(reads).toEqual(notes);
  });

  it('puts again only what the stream refused, and keeps its pace', async () => {
    const world = new ReplayWorld();
    const lines = Array.from({ length: 1200 }, (_, index) => failedLine(`line ${index}`));
    world.add('logs', failedKey(0), lines.join(''));
    let refusals = 0;
    const stream = {
      putBatch: async (records: readonly Uint8Array[]) => {
        const refused = refusals++ % 2 === 0 ? records.slice(0, 10) : [];
        world.onStream.push(...records.slice(refused.length).map((record) => Buffer.from(record)));
        return refused;
      },
    };
    const begun = world.time;
    const slow = Object.assign(world, { stream, pace: new Pace({ records: 100, bytes: 1e9 }, world.clock) });
    await run(slow, { source: 'failed' }, () => 1e9);
    expect(world.onStream).toHaveLength(1200);
    expect(byContent(world).size).toBe(1200);
    expect(world.time - begun).toBeGreaterThan(10_000);
  });
});
