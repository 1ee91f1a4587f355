import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forward as limits } from '../../../shared/bounds.js';
import { forwardObject } from '../../../shared/forward/forwardObject.js';
import type { SinkAnswer } from '../../../shared/forward/ports.js';
import { datadog } from '../../../shared/limits.js';
import { accepted, anObject, aWorld, Killed, landedRows, type World } from '../../helpers/forwardWorld.js';

const settings = { types: ['error', 'app'], maxAge: datadog.maxAge } as const;
const minutes = (world: World, count = 3) => ({ id: 'w1', until: world.clock.now() + count * 60_000 });
const forwardIn = (world: World, worker = minutes(world)) => forwardObject(anObject, worker, settings, world);
const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `79cc5S5WbcsmoKxiBpt6P:${index + 1}`);

describe('forwardObject', () => {
  it('sends all rows in order, each once, and has nothing more to do', async () => {
    const world = aWorld(landedRows(2500), () => accepted);
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 2500, requests: 3, refused: 0, old: 0 });
    expect(world.sink.taken.map(({ length }) => length)).toEqual([1000, 1000, 500]);
    expect(world.sink.taken.flat()).toEqual(idsOf(2500));
    expect(await forwardIn(world)).toMatchObject({ state: 'nothing' });
    expect(world.sink.posts).toBe(3);
  });

  it.each([
    ['logs/type=access/arrived=2026-11-22-16/a.json.gz'],
    ['parquet/type=error/dt=2026-11-22/a.parquet'],
    ['failed/type=error/a'],
  ])('leaves %s alone', async (key) => {
    const world = aWorld(landedRows(1), () => accepted);
    expect(await forwardObject({ ...anObject, key }, minutes(world), settings, world)).toMatchObject({
      state: 'nothing',
    });
    expect([world.sink.posts, world.documents.kept.size]).toEqual([0, 0]);
  });

  it('says so when the object is gone', async () => {
    const world = { ...aWorld([], () => accepted), open: async () => undefined };
    expect(await forwardIn(world)).toMatchObject({ state: 'gone' });
  });

  it('waits for as long as it is told, and tries again', async () => {
    const busy: SinkAnswer = { result: 'throttled', retryAfter: 3000, reason: 'busy' };
    const world = aWorld(landedRows(3), (post) => (post === 0 ? busy : accepted));
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 3 });
    expect(world.clock.pauses).toEqual([3000]);
  });

  it('leaves a long wait to the queue', async () => {
    const world = aWorld(landedRows(3), () => ({ result: 'throttled', retryAfter: 60_000, reason: 'busy' }));
    expect(await forwardIn(world)).toMatchObject({ state: 'failed', after: 60_000, sent: 0 });
    expect(world.clock.pauses).toEqual([]);
  });

  it('tries again what is not there, longer each time, and then fails with the reason', async () => {
    const world = aWorld(landedRows(3), () => ({ result: 'unavailable', reason: 'answered 500' }));
    expect(await forwardIn(world)).toMatchObject({ state: 'failed', reason: 'answered 500' });
    expect(world.clock.pauses).toEqual(limits.retries);
  });

  it('asks only once where the key is refused', async () => {
    const world = aWorld(landedRows(3), () => ({ result: 'refused', reason: 'put a valid key there' }));
    expect(await forwardIn(world)).toMatchObject({ state: 'failed', reason: 'put a valid key there' });
    expect(world.sink.posts).toBe(1);
  });

  it('goes on where it was, when another comes', async () => {
    const world = aWorld(landedRows(2500), (post) =>
      post === 1 ? { result: 'refused', reason: 'not now' } : accepted,
    );
    expect(await forwardIn(world)).toMatchObject({ state: 'failed', sent: 1000 });
    expect(await forwardIn(world, { ...minutes(world), id: 'w2' })).toMatchObject({ state: 'done', sent: 1500 });
    expect(world.sink.taken.flat()).toEqual(idsOf(2500));
  });

  it('begins no request that could outlive the invocation', async () => {
    const world = aWorld(landedRows(2500), () => {
      world.clock.time += 50_000;
      return accepted;
    });
    expect(await forwardIn(world, minutes(world, 1))).toMatchObject({ state: 'left', sent: 1000 });
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 1500 });
  });

  it('halves what is too large, keeps the row that is refused even alone, and makes further requests smaller', async () => {
    const bad = idsOf(2500)[700];
    const world = aWorld(landedRows(2500), (_, ids) =>
      ids.length > 100 || (bad !== undefined && ids.includes(bad))
        ? { result: 'too large', reason: 'answered 413' }
        : accepted,
    );
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 2499, refused: 1 });
    expect(world.sink.taken.flat()).toEqual(idsOf(2500).filter((id) => id !== bad));
    const refused = [...world.documents.kept].filter(([key]) => key.startsWith('forward/refused/'));
    expect(refused.map(([key]) => key)).toEqual([
      'forward/refused/type=error/arrived=2026-11-22-16/a.json.gz/e1-701.json',
    ]);
    const [[, body] = []] = refused;
    const kept = JSON.parse(Buffer.from(body ?? []).toString()) as Record<string, unknown>;
    expect(kept).toMatchObject({ object: `s3://logs/${anObject.key}`, line: 701, reason: 'answered 413' });
    expect(JSON.parse(String(kept.row))).toMatchObject({ message: 'line 700', type: 'error' });
  });

  it('counts what a sink has taken only in part', async () => {
    const world = aWorld(landedRows(10), () => ({ result: 'accepted', rejected: 4, reason: 'no body' }));
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 6, refused: 4, remark: 'no body' });
  });

  it('passes over rows that were too old when they landed', async () => {
    const rows = landedRows(10, (index) => (index < 4 ? { ts: '2026-11-20 16:41:02.123' } : {}));
    const world = aWorld(rows, () => accepted);
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 6, old: 4 });
    expect(world.sink.taken.flat()).toEqual(idsOf(10).slice(4));
  });

  it('keeps a line that is no row, and goes on', async () => {
    const world = aWorld(['no row', ...landedRows(2)], () => accepted);
    expect(await forwardIn(world)).toMatchObject({ state: 'done', sent: 2, refused: 1 });
    expect([...world.documents.kept.keys()]).toContain(
      'forward/refused/type=error/arrived=2026-11-22-16/a.json.gz/e1-1.json',
    );
  });

  it('is not begun while another is at it, and not ended by one that has lost it', async () => {
    const world = aWorld(landedRows(2500), () => accepted);
    const entered: unknown[] = [];
    const post = world.sink.post.bind(world.sink);
    let calls = 0;
    world.sink.post = async (body) => {
      calls++;
      if (calls === 1) entered.push(await forwardIn(world, { ...minutes(world), id: 'w2' }));
      if (calls === 2) {
        // The first freezes until its lease is over, and another takes the object over.
        world.clock.time += limits.lease;
        entered.push(await forwardIn(world, { ...minutes(world), id: 'w3' }));
      }
      return post(body);
    };
    await expect(forwardIn(world)).rejects.toThrow('another worker has taken');
    expect(entered).toMatchObject([
      { state: 'busy', after: limits.lease },
      { state: 'done', sent: 1500 },
    ]);
  });

  it('sends no row twice that was noted, and none never, wherever it is killed', async () => {
    const steps = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 8 });
    const answers = fc.array(fc.constantFrom('accepted', 'throttled', 'unavailable', 'too large'), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(steps, answers, fc.integer({ min: 1, max: 60 }), async (deaths, plan, count) => {
        const world = aWorld(landedRows(count), (post, ids) => answerOf(plan[post], ids));
        const lost: string[] = [];
        for (let life = 0; life < deaths.length + 60; life++) {
          const mortal = killedAfter(world, deaths[life] ?? Number.POSITIVE_INFINITY, lost);
          const ended = await forwardIn(mortal, { ...minutes(world), id: `w${life}` }).catch((error: unknown) => {
            if (!(error instanceof Killed)) throw error;
            return { state: 'killed' };
          });
          if (ended.state === 'done' || ended.state === 'nothing') break;
          world.clock.time += limits.lease;
        }
        const sent = world.sink.taken.flat();
        expect([...new Set(sent)].sort()).toEqual(idsOf(count).sort());
        const twice = sent.filter((id, at) => sent.indexOf(id) !== at);
        expect(twice.filter((id) => !lost.includes(id))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

function answerOf(name: string | undefined, ids: readonly string[]): SinkAnswer {
  switch (name) {
    case 'throttled':
      return { result: 'throttled', retryAfter: 1000, reason: 'busy' };
    case 'unavailable':
      return { result: 'unavailable', reason: 'away' };
    case 'too large':
      // A single row is never too large here, so that all of them arrive.
      return ids.length === 1 ? accepted : { result: 'too large', reason: 'large' };
    default:
      return accepted;
  }
}

/**
 * The same world, in which the worker dies before its nth step: a post, a write, or what comes behind either.
 *
 * @param lost ids of requests that were taken and not noted: what may be sent twice
 */
function killedAfter(world: World, steps: number, lost: string[]): World {
  let step = 0;
  let isDead = false;
  const die = () => {
    isDead = true;
    throw new Killed();
  };
  const alive = async <T>(act: () => Promise<T>, dying: () => void = () => undefined): Promise<T> => {
    if (isDead || ++step >= steps) die();
    const result = await act();
    if (++step >= steps) {
      dying();
      die();
    }
    return result;
  };
  const { sink, documents } = world;
  let unnoted: readonly string[] = [];
  const sinkOfMortal = Object.create(sink, {
    post: {
      value: (body: string) =>
        alive(
          async () => {
            const before = sink.taken.length;
            const answer = await sink.post(body);
            unnoted = sink.taken.length > before ? (sink.taken.at(-1) ?? []) : [];
            return answer;
          },
          () => lost.push(...unnoted),
        ),
    },
  }) as World['sink'];
  const note = <T>(act: () => Promise<T>) =>
    alive(act).catch((error: unknown) => {
      // Before the write or behind it: which it was the worker does not know, and nor need this.
      lost.push(...unnoted);
      throw error;
    });
  const documentsOfMortal = Object.create(documents, {
    get: { value: (key: string) => alive(() => documents.get(key)) },
    create: { value: (key: string, body: Uint8Array) => note(() => documents.create(key, body)) },
    replace: { value: (key: string, body: Uint8Array, etag: string) => note(() => documents.replace(key, body, etag)) },
  }) as World['documents'];
  return { ...world, sink: sinkOfMortal, documents: documentsOfMortal };
}
