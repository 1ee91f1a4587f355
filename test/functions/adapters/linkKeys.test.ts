import { expect, it } from '@jest/globals';
import { linkKeys } from '../../../functions/adapters/linkKeys.js';
import type { Parameters } from '../../../functions/adapters/parameters.js';
import { MINUTE } from '../../helpers/alerts.js';

const [first, second] = ['1'.repeat(64), '2'.repeat(64)];

function keysOf(value: string | undefined, env: Record<string, string> = { SILENCE_KEYS_PARAMETER: '/f/keys' }) {
  const state = { value, now: 0, down: false };
  const reads: string[] = [];
  const warnings: string[] = [];
  const parameters: Parameters = {
    async read(name, _, freshness) {
      reads.push(`${name} ${freshness}`);
      if (state.down) throw new Error('SSM is down');
      return state.value;
    },
  };
  const keys = linkKeys(
    env,
    parameters,
    (problem) => void warnings.push(problem),
    () => state.now,
  );
  return { keys, state, reads, warnings };
}

it('reads the key that signs and those that are believed', async () => {
  const { keys, reads } = keysOf(`${first},${second}`);
  expect(await keys('cached')).toEqual([first, second]);
  expect(reads).toEqual(['/f/keys cached']);
});

it('takes those of its environment on a laptop', async () => {
  const { keys, reads } = keysOf(undefined, { SILENCE_KEYS: first });
  expect([await keys('current'), reads]).toEqual([[first], []]);
});

it('reads them again for a token that it does not know, but not as often as strangers send one', async () => {
  const { keys, state, reads } = keysOf(first);
  for (let request = 0; request < 50; request++) await keys('current');
  state.now = 10_000;
  await keys('current');
  expect(reads.filter((read) => read.endsWith('current'))).toHaveLength(2);
});

it.each([
  [undefined, 'SSM parameter /f/keys holds no key of at least 32 characters'],
  ['short,secret', 'SSM parameter /f/keys holds no key of at least 32 characters'],
])('has none in %j, says so, and does not ask again for a minute', async (value, problem) => {
  const { keys, state, reads, warnings } = keysOf(value);
  expect(await keys('cached')).toEqual([]);
  expect(await keys('cached')).toEqual([]);
  expect([reads.length, warnings]).toEqual([1, [problem]]);
  state.value = first;
  state.now = MINUTE;
  expect(await keys('cached')).toEqual([first]);
});

it('has none while it can not be read', async () => {
  const { keys, state, warnings } = keysOf(first);
  state.down = true;
  expect(await keys('cached')).toEqual([]);
  expect(warnings).toEqual(["SSM parameter /f/keys can't be read: SSM is down"]);
});
