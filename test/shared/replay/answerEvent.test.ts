import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { replay } from '../../../shared/bounds.js';
import { answerEvent } from '../../../shared/replay/answerEvent.js';
import { Manifest } from '../../../shared/replay/manifest.js';
import { failedLine, ReplayWorld } from '../../helpers/replayWorld.js';

const settings = { bucket: 'logs', keys: ['key'], pace: { records: 1000, bytes: 1e6 } };

function ask(world: ReplayWorld, event: unknown, changes: Partial<typeof settings> = {}) {
  return answerEvent(event, { ...settings, ...changes }, world);
}

const key = (hour: string, index: number, type = 'processing-failed') =>
  `failed/${type}/dt=2026-11-28/hour=${hour}/logs-1-${String(index).padStart(6, '0')}`;
const at = (time: string) => ({ arrivalTimestamp: Date.parse(`2026-11-28T${time}Z`) });

/** Two hours of failures, of two kinds. */
function failures(): ReplayWorld {
  const world = new ReplayWorld();
  world.add('logs', key('12', 0), failedLine('a', at('12:10')) + failedLine('b', at('12:40')));
  world.add('logs', key('12', 1, 'format-conversion-failed'), failedLine('c', { ...at('12:50'), errorCode: 'Other' }));
  world.add('logs', key('13', 2), failedLine('d', at('13:00')));
  world.add('logs', 'logs/type=app/arrived=2026-11-28-13/x.json.gz', 'rows');
  return world;
}

describe('a dry run', () => {
  it('counts what would be put back by code and hour, and gives the event that does it', async () => {
    const world = failures();
    const answer = await ask(world, { source: 'failed', from: 'today' });
    expect(answer).toEqual({
      dryRun: true,
      found: {
        objects: 3,
        bytes: expect.any(Number),
        records: 4,
        byErrorCode: { 'Lambda.FunctionError': 3, Other: 1 },
        byHour: { '2026-11-28T12:00Z': 3, '2026-11-28T13:00Z': 1 },
      },
      counted: 'all of 3 objects',
      wouldDo: expect.stringMatching(
        /^put 4 records of 3 objects \([\d.]+ kB\) back on the stream within about 1s\. The rules do not/,
      ),
      toDoIt: { source: 'failed', from: '2026-11-28T00:00:00Z', alerts: 'off', dryRun: false },
    });
    expect(world.queued).toEqual([]);
    expect([...world.kept.keys()].filter((name) => name.includes('replay/'))).toEqual([]);
  });

  it.each([
    [{ from: '2026-11-28T12:30Z', to: '2026-11-28T13:00Z' }, 2, { 'it arrived at another time': 1 }],
    [{ errorCode: 'Other' }, 1, { 'it failed with another code': 3 }],
    [{ keys: [key('13', 2), key('13', 9)] }, 1, undefined],
    [{ prefix: 'failed/processing-failed/dt=2026-11-28/hour=12/' }, 2, undefined],
    [{ from: '2026-11-29' }, 0, undefined],
  ])('of %j', async (event, records, wouldSkip) => {
    const answer = await ask(failures(), { source: 'failed', ...event });
    expect(answer).toMatchObject({ found: { records, ...(wouldSkip ? { wouldSkip } : {}) } });
    if (records === 1) expect(answer.counted).toBe('keys' in event ? 'all of it' : 'all of 3 objects');
    if ('keys' in event) expect(answer.notThere).toEqual([key('13', 9)]);
    if (records === 0) expect(answer.wouldDo).toBe('nothing: no object was found');
  });

  it('counts the lines of an import, and says what is none', async () => {
    const world = new ReplayWorld();
    world.add('alb', 'AWSLogs/a.gz', gzipSync('1\n2\n3\n'));
    world.add('alb', 'AWSLogs/b.parquet', 'PAR1........');
    expect(await ask(world, { source: 'import', prefix: 's3://alb/AWSLogs/' })).toMatchObject({
      found: {
        objects: 2,
        lines: 3,
        wouldSkip: {
          "an object can't be read: it is Parquet; only lines of text can be put on the stream, gzipped or not": 1,
        },
      },
    });
  });

  it('reads some of what is too much to read, and says what that comes to', async () => {
    const world = new ReplayWorld();
    for (let index = 0; index < 400; index++)
      world.add('logs', key('12', index), failedLine('x'.repeat(200)).repeat(10));
    // Each object that is opened takes a tenth of a second.
    world.fate = (call) => {
      if (call === 'open') world.time += 100;
      return 'works';
    };
    const answer = await ask(world, { source: 'failed' });
    const [, read] =
      /^(\d+) objects of 400, from all over; in all about 4,000 records$/.exec(String(answer.counted)) ?? [];
    expect(Number(read)).toBeGreaterThan(50);
    expect(Number(read)).toBeLessThan(120);
    expect(answer.wouldDo).toContain('put about 4,000 records of 400 objects');
  });
});

describe('how long a replay takes', () => {
  const objects = (count: number, lines: string) => {
    const world = new ReplayWorld();
    for (let index = 0; index < count; index++) world.add('logs', key('12', index), lines);
    return world;
  };

  it.each([
    ['its bytes', 2, failedLine('x'.repeat(30_000)).repeat(100), { records: 1000, bytes: 1e5 }, '1m'],
    ['its records, where they are small', 2, failedLine('x').repeat(600), { records: 20, bytes: 1e6 }, '1m'],
    [
      'the share of one worker, where there is one object',
      1,
      failedLine('x').repeat(600),
      { records: 20, bytes: 1e6 },
      '1m',
    ],
  ])('is said by %s', async (_, count, lines, pace, span) => {
    const answer = await ask(objects(count, lines), { source: 'failed' }, { pace });
    expect(answer.wouldDo).toContain(`on the stream within about ${span}. `);
  });

  it('is said again of what is left, judging by what is done', async () => {
    const world = objects(3, failedLine('x').repeat(600));
    const { replay: id } = await ask(world, { source: 'failed', dryRun: false });
    const documents = new Manifest(world.documents, world.clock, String(id));
    const found = { bucket: 'logs', etag: 'e', modified: 0, size: 100_000 };
    await documents.addPart(
      0,
      [0, 1, 2].map((index) => ({ ...found, key: key('12', index) })),
    );
    await documents.changeHead((head) => ({ ...head, state: 'found', parts: 1 }));
    await documents.changeObject(0, 0, (object) => ({ ...object, state: 'done', read: 600 }));
    await documents.changeObject(0, 1, (object) => ({ ...object, state: 'working', read: 300, changed: world.time }));
    const answer = await ask(world, { status: id }, { pace: { records: 10, bytes: 1e6 } });
    expect(answer).toMatchObject({ state: 'running', left: 'about 1m 30s' });
  });
});

describe('a dry run of an object that is larger than what it may read', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, () => failedLine(randomBytes(750_000).toString('base64'), at('13:00')));

  it.each([
    ['gzipped', (text: string) => gzipSync(text, { level: 1 })],
    ['plain', (text: string) => Buffer.from(text)],
  ])('takes the cut for no problem: %s', async (_, packed) => {
    const world = new ReplayWorld();
    const body = packed(lines(75).join(''));
    expect(body.length).toBeGreaterThan(replay.surveyedBytes);
    world.add('logs', key('13', 0), body);
    const answer = await ask(world, { source: 'failed' });
    expect(answer).toMatchObject({
      counted: expect.stringMatching(/^1 object of 1, from all over; in all about 7\d records$/),
    });
    expect(answer.found).not.toHaveProperty('wouldSkip');
  });

  it('still tells of what is wrong before the cut', async () => {
    const world = new ReplayWorld();
    world.add('logs', key('13', 0), ['no JSON\n', ...lines(80)].join(''));
    expect(await ask(world, { source: 'failed' })).toMatchObject({
      found: { wouldSkip: { 'a line is no JSON object, as Firehose writes them for what it could not deliver': 1 } },
    });
  });
});

describe('an event that can not be carried out', () => {
  it('needs a key to sign with', async () => {
    const world = failures();
    const answer = await ask(world, { source: 'failed', dryRun: false }, { keys: [] });
    expect(answer).toMatchObject({ problems: [expect.stringContaining('PUT_BACK_KEYS is not set')] });
    expect(world.queued).toEqual([]);
  });

  it.each([
    ['AccessDenied', 'Open the bucket to ReplayRole and ReplayWorkerRole with its policy'],
    ['NoSuchBucket', 'there is no such bucket'],
  ])('says what to do about %s', async (name, remedy) => {
    const world = failures();
    const error = Object.assign(new Error('not authorized to perform: s3:ListBucket'), { name });
    world.fate = () => {
      throw error;
    };
    expect(await ask(world, { source: 'import', prefix: 's3://other/x' })).toEqual({
      problems: [expect.stringContaining(remedy)],
      example: { source: 'import', prefix: 's3://other/x', alerts: 'off', dryRun: true },
    });
  });

  it('fails as a function does when what is wrong is its own', async () => {
    const world = failures();
    world.fate = (call) => (call === 'list' ? 'fails before' : 'works');
    await expect(ask(world, { source: 'failed' })).rejects.toThrow('list failed');
    world.fate = () => {
      throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    };
    await expect(ask(world, { status: 'some' })).rejects.toThrow('no');
  });

  it.each(['status', 'cancel'])('knows no such replay: %s', async (asked) => {
    expect(await ask(failures(), { [asked]: 'none' })).toMatchObject({
      problems: [expect.stringContaining('there is no replay none')],
    });
  });
});
