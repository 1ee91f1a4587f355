import { describe, expect, it } from '@jest/globals';
import { ssmParameters } from '../../../functions/adapters/parameters.js';
import { MINUTE } from '../../helpers/alerts.js';

const signal = new AbortController().signal;

function parametersOf(values: Record<string, string>) {
  const reads: string[] = [];
  const state = { now: 0, down: false };
  const read = async (name: string) => {
    reads.push(name);
    if (state.down) throw new Error('SSM is down');
    return values[name];
  };
  return { reads, state, parameters: ssmParameters(read, () => state.now) };
}

describe('ssmParameters', () => {
  it('reads a value once in five minutes, or when it has to be current', async () => {
    const values: Record<string, string> = { '/f/a': ' 1\n' };
    const { reads, state, parameters } = parametersOf(values);
    expect(await parameters.read('/f/a', signal, 'cached')).toBe('1');
    values['/f/a'] = '2';
    state.now = 5 * MINUTE - 1;
    expect(await parameters.read('/f/a', signal, 'cached')).toBe('1');
    expect(reads).toHaveLength(1);
    state.now = 5 * MINUTE;
    expect(await parameters.read('/f/a', signal, 'cached')).toBe('2');
    values['/f/a'] = '3';
    expect(await parameters.read('/f/a', signal, 'current')).toBe('3');
    expect(await parameters.read('/f/a', signal, 'cached')).toBe('3');
  });

  it.each([[{}], [{ '/f/a': ' ' }]])('reads undefined from %j, and remembers that', async (values) => {
    const { reads, parameters } = parametersOf(values as Record<string, string>);
    expect(await parameters.read('/f/a', signal, 'cached')).toBeUndefined();
    expect(await parameters.read('/f/a', signal, 'cached')).toBeUndefined();
    expect(reads).toHaveLength(1);
  });

  it('uses the last value while SSM is down, and asks once in five minutes', async () => {
    const { reads, state, parameters } = parametersOf({ '/f/a': '1' });
    await parameters.read('/f/a', signal, 'cached');
    Object.assign(state, { now: 60 * MINUTE, down: true });
    for (let time = 0; time < 3; time++) expect(await parameters.read('/f/a', signal, 'cached')).toBe('1');
    expect(reads).toHaveLength(2);
    await expect(parameters.read('/f/a', signal, 'current')).rejects.toThrow('SSM is down');
    await expect(parameters.read('/f/b', signal, 'cached')).rejects.toThrow('SSM is down');
  });

  it('gives up reading when the post has no time left', async () => {
    const signals: AbortSignal[] = [];
    const parameters = ssmParameters(async (_name, given) => void signals.push(given));
    await parameters.read('/f/a', AbortSignal.abort(), 'cached');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });
});
