import { expect, it } from '@jest/globals';
import { sumOfKeys, takenWith } from '../../../shared/compact/control.js';
import type { Manifest } from '../../../shared/compact/manifest.js';

function manifest(number: number, keys: readonly string[]): Manifest {
  const objects = keys.map((key) => ({ key, etag: 'e', size: 1 }));
  const [days, recordHours] = [
    { first: '2026-11-01', last: '2026-11-30' },
    { first: '79c00', last: '79cff' },
  ];
  return { type: 'app', number, window: '2026-11-28-18', planned: 0, objects, days, recordHours };
}

const keyIn = (hour: string, name: string) => `logs/type=app/arrived=2026-11-28-${hour}/${name}.json.gz`;

it('what manifests have taken is known by the hour, with runs of their numbers', () => {
  const [a = '', b = '', c = '', d = '', e = ''] = ['a', 'b', 'c', 'd', 'e'].map((name) => keyIn('18', name));
  let taken = takenWith({}, manifest(0, [a]), '2026-11-28-00');
  taken = takenWith(taken, manifest(1, [b, c]), '2026-11-28-00');
  taken = takenWith(taken, manifest(4, [d, keyIn('17', 'late'), e]), '2026-11-28-00');
  expect(taken).toEqual({
    '2026-11-28-17': { objects: 1, sum: sumOfKeys([keyIn('17', 'late')]), manifests: [[4, 4]] },
    '2026-11-28-18': {
      objects: 5,
      sum: sumOfKeys([e, d, a, c, b]),
      manifests: [
        [0, 1],
        [4, 4],
      ],
    },
  });
});

it('hours before the oldest are forgotten', () => {
  const taken = takenWith({}, manifest(0, [keyIn('17', 'a')]), '2026-11-28-00');
  expect(Object.keys(takenWith(taken, manifest(1, [keyIn('18', 'b')]), '2026-11-28-18'))).toEqual(['2026-11-28-18']);
});
