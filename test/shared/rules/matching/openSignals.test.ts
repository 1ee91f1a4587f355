import { expect, it } from '@jest/globals';
import { addSample, maxSamples } from '../../../../shared/rules/matching/openSignals.js';
import type { Sample } from '../../../../shared/signals/signal.js';
import { T0 } from '../../../helpers/alerts.js';

const sample = (message: string, ts = T0): Sample => ({ ts, service: 'pay', message });

it('keeps the first sample of each message', () => {
  const samples: Sample[] = [];
  for (const [at, message] of ['a', 'b', 'a', 'c', 'b'].entries()) addSample(samples, sample(message, T0 + at));
  expect(samples).toEqual([sample('a', T0), sample('b', T0 + 1), sample('c', T0 + 3)]);
});

it('keeps five samples', () => {
  const samples: Sample[] = [];
  for (const message of 'abcdefg') addSample(samples, sample(message));
  expect(samples.map(({ message }) => message).join('')).toBe('abcde');
  expect(maxSamples).toBe(5);
});
