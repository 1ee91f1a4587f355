import { expect, it } from '@jest/globals';
import { type ScannedLine, scanLine } from '../../../shared/lanes/jsonScan.js';
import { Sightings } from '../../../shared/lanes/sightings.js';

function scanned(line: string): ScannedLine {
  const escaped = line.replaceAll('"', '\\"');
  const result = scanLine(`${escaped}"`, 0, escaped.length);
  if (!result) throw new Error(line);
  return result;
}

it('is due at the second, fourth, eighth line with the same keys, whatever the values', () => {
  const sightings = new Sightings();
  const due = Array.from({ length: 20 }, (_, n) => sightings.isDue(scanned(`{"a":${n},"b":"${n}"}`)) && n + 1);
  expect(due.filter(Boolean)).toEqual([2, 4, 8, 16]);
});

it.each(['{"a":1,"c":"x"}', '{"b":"x","a":1}', '{"a":1,"b":2}', '{"a":1,"b":"x","c":{}}', '{"a":{"b":"x"}}'])(
  'tells %s from other keys',
  (other) => {
    const sightings = new Sightings();
    expect(sightings.isDue(scanned('{"a":1,"b":"x"}'))).toBe(false);
    expect(sightings.isDue(scanned(other))).toBe(false);
  },
);

it('starts again for keys that it is told to forget', () => {
  const sightings = new Sightings();
  const line = scanned('{"a":1}');
  expect([sightings.isDue(line), sightings.isDue(line)]).toEqual([false, true]);
  sightings.forget(line);
  expect([sightings.isDue(line), sightings.isDue(line)]).toEqual([false, true]);
});

it('forgets all when there are too many', () => {
  const sightings = new Sightings();
  const line = (n: number) => scanned(`{"k${n}":1}`);
  for (let n = 0; n < 8192; n++) sightings.isDue(line(n));
  expect(sightings.isDue(line(8191))).toBe(true);
  expect(sightings.isDue(line(8192))).toBe(false);
  expect(sightings.isDue(line(0))).toBe(false);
});
