import { readdir } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Recording, readRecording } from './recording.js';
import { tally } from './tally.js';

const folder = 'test/fixtures/wire';

/** What a real Fluent Bit sent in each scenario of `npm run fluent-bit`. */
const scenarios = [
  'quiet-10',
  'silent',
  'throttling',
  'forgetful',
  'sigterm',
  'sigkill-idle',
  'line-16kb',
  'line-300kb',
  'canary',
];

it('has a recording of each', async () => {
  const files = (await readdir(folder)).filter((file) => file.startsWith('router-'));
  expect(files.sort()).toEqual(scenarios.map((name) => `router-${name}.ndjson.gz`).sort());
});

describe.each(scenarios)('what a real router sent: %s', (name) => {
  let recording: Recording;

  beforeAll(async () => {
    recording = await readRecording(`${folder}/router-${name}.ndjson.gz`);
  });

  it('becomes a row a line, and copies have one name', async () => {
    const { lines, rows, lost, doubled, doubledByName } = await tally(recording.written, recording.accepted);
    expect(lines).toBeGreaterThan(0);
    expect(lost).toBe(0);
    expect(doubledByName).toBe(doubled);
    if (doubled === 0) expect(rows).toBe(lines);
  });

  it('would be missed', async () => {
    const names = new Set(recording.accepted.map(({ data }) => data.toString('base64')));
    const [first] = names;
    const others = recording.accepted.filter(({ data }) => data.toString('base64') !== first);
    const { lost, lostInTransform } = await tally(recording.written, others);
    expect(lost).toBeGreaterThan(0);
    expect(lostInTransform).toBe(0);
  });
});

it('has copies in it where answers were lost', async () => {
  const { written, accepted } = await readRecording(`${folder}/router-forgetful.ndjson.gz`);
  expect((await tally(written, accepted)).doubled).toBeGreaterThan(0);
});

it('has canaries of two runs in it, and one that is taken away is missed', async () => {
  const { written, accepted } = await readRecording(`${folder}/router-canary.ndjson.gz`);
  const { canaries, lost } = await tally(written, accepted);
  expect(canaries).toEqual({ runs: 2, numbered: 28, missing: 0, doubled: 10, lines: 20, dropped: 0 });
  const others = accepted.filter(({ data }) => !/"number":1\D/.test(gunzipSync(data).toString()));
  const lossy = await tally(written, others);
  expect(lossy.lost).toBe(lost);
  expect(lossy.canaries).toMatchObject({ runs: 2, missing: 8 });
});
