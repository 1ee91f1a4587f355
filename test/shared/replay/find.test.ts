import { describe, expect, it } from '@jest/globals';
import { replay } from '../../../shared/bounds.js';
import { answerEvent } from '../../../shared/replay/answerEvent.js';
import { findObjects } from '../../../shared/replay/find.js';
import type { FoundObject, SourceObjects } from '../../../shared/replay/ports.js';
import { failedLine, ReplayWorld } from '../../helpers/replayWorld.js';

const settings = { bucket: 'logs', keys: ['key'], pace: { records: 1000, bytes: 1e6 } };
const failedKey = (hour: string, index: number) =>
  `failed/processing-failed/dt=2026-11-28/hour=${hour}/logs-1-${String(index).padStart(4, '0')}`;

/** A world in which each key that is listed, and each listing, takes a second. Counts both. */
function slowWorld() {
  const world = new ReplayWorld();
  const seen = { keys: 0, listings: 0 };
  const list = async function* (bucket: string, prefix: string, after?: string): AsyncGenerator<FoundObject> {
    seen.listings++;
    world.time += 1000;
    for await (const object of world.objects.list(bucket, prefix, after)) {
      seen.keys++;
      world.time += 1000;
      yield object;
    }
  };
  const objects: SourceObjects = { ...world.objects, list };
  const { documents, queue, clock } = world;
  return { world, seen, ports: { documents, queue, clock, objects } };
}

type Slow = ReturnType<typeof slowWorld>;

function ask({ ports }: Slow, event: unknown) {
  return answerEvent(event, settings, ports);
}

/** Searches in attempts of so many seconds until it is over; resolves to how many it took. */
async function search({ world, ports }: Slow, id: string, seconds: number): Promise<number> {
  let attempts = 0;
  while (world.queued.some(({ object }) => object === undefined)) {
    world.queued.splice(
      world.queued.findIndex(({ object }) => object === undefined),
      1,
    );
    await findObjects(id, 'logs', ports, world.time + seconds * 1000);
    if (++attempts > 1000) throw new Error('the search does not get on');
  }
  return attempts;
}

async function start(slow: Slow, event: object): Promise<string> {
  const { replay: id } = await ask(slow, { ...event, dryRun: false });
  return String(id);
}

describe('a search among objects of which few are wanted', () => {
  /** Of one hour many, of the next one two, both under the same prefix. */
  function haystack(): Slow {
    const slow = slowWorld();
    for (let index = 0; index < 60; index++) slow.world.add('logs', failedKey('02', index), failedLine('a'));
    for (let index = 0; index < 2; index++) slow.world.add('logs', failedKey('14', index), failedLine('b'));
    return slow;
  }
  const event = { source: 'failed', prefix: 'failed/', from: '2026-11-28T14:00Z' };

  it('ends a dry run in time, and says that there may be more', async () => {
    const slow = haystack();
    const begun = slow.world.time;
    const answer = await ask(slow, event);
    expect(slow.world.time - begun).toBeLessThanOrEqual(replay.surveyTime + 1000);
    expect(answer).toMatchObject({
      found: { objects: 0 },
      counted: expect.stringContaining('nothing yet'),
      wouldDo: expect.stringContaining('look further'),
      toDoIt: { dryRun: false },
    });
  });

  it.each([0, 7, 30])('finds all of them in attempts of %d seconds, each behind the last', async (seconds) => {
    const slow = haystack();
    const id = await start(slow, event);
    slow.seen.keys = 0;
    const attempts = await search(slow, id, seconds);
    expect(attempts).toBeGreaterThan(1);
    expect(await ask(slow, { status: id })).toMatchObject({ state: 'running', objects: { found: 2, waiting: 2 } });
    expect(slow.world.queued.map(({ object }) => object)).toContain(0);
    // Once each, and what an attempt looks at again behind what it has written.
    expect(slow.seen.keys).toBeLessThanOrEqual(62 + attempts);
  });

  it('goes on behind days of which nothing is there', async () => {
    const slow = slowWorld();
    slow.world.add('logs', 'backup/dt=2026-11-28/hour=14/x', 'x\n');
    const id = await start(slow, { source: 'backup', from: '2026-09-01' });
    slow.seen.listings = 0;
    const attempts = await search(slow, id, 0);
    expect(await ask(slow, { status: id })).toMatchObject({ objects: { found: 1 } });
    expect(attempts).toBeGreaterThan(50);
    expect(slow.seen.listings).toBeLessThanOrEqual(2 * attempts);
  });

  it('looks for failures no further back than they are kept', async () => {
    const slow = slowWorld();
    slow.world.add('logs', failedKey('13', 0), failedLine('a'));
    expect(await ask(slow, { source: 'failed', from: '2001-01-01', limit: 1 })).toMatchObject({ dryRun: true });
    const id = await start(slow, { source: 'failed', from: '2001-01-01' });
    slow.seen.listings = 0;
    await search(slow, id, 1000);
    expect(slow.seen.listings).toBeLessThanOrEqual(replay.failedDays + 3);
    expect(await ask(slow, { status: id })).toMatchObject({ state: 'running', objects: { found: 1 } });
  });
});

describe('a search that fails', () => {
  it('is stopped with the reason after its last attempt, and goes on when it is redriven', async () => {
    const slow = slowWorld();
    slow.world.add('logs', failedKey('13', 0), failedLine('a'));
    const id = await start(slow, { source: 'failed' });
    slow.world.fate = (call) => (call === 'folders' ? 'fails before' : 'works');
    for (let attempt = 1; attempt <= replay.maxAttempts; attempt++) {
      expect(await ask(slow, { status: id })).toMatchObject({ state: 'finding' });
      await expect(findObjects(id, 'logs', slow.ports, slow.world.time + 60_000)).rejects.toThrow('folders failed');
    }
    expect(await ask(slow, { status: id })).toMatchObject({
      state: 'stopped',
      problems: [{ object: 'the search for objects', why: 'folders failed' }],
      toTryAgain: expect.stringContaining('redrive'),
    });
    slow.world.fate = () => 'works';
    await findObjects(id, 'logs', slow.ports, slow.world.time + 60_000);
    const answer = await ask(slow, { status: id });
    expect(answer).toMatchObject({ state: 'running', objects: { found: 1 } });
    expect(answer.problems).toBeUndefined();
  });

  it('counts as stopped when it has given no sign for long', async () => {
    const slow = slowWorld();
    slow.world.add('logs', failedKey('13', 0), failedLine('a'));
    const id = await start(slow, { source: 'failed' });
    slow.world.time += replay.lostAfter + 60_000;
    expect(await ask(slow, { status: id })).toMatchObject({
      state: 'stopped',
      problems: [{ why: 'its last attempt ended without an answer' }],
    });
  });
});
