import { mkdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { dataOption, rulesArgument, webAddress, whereUpIs } from '../../../local/commands/options.js';
import { leaveReady } from '../../../local/stack/readyFile.js';
import type { Ready } from '../../../local/stack/stack.js';
import { tempFolder } from '../../helpers/tempFolder.js';

afterEach(() => {
  delete process.env.FIRESPLIT_DATA;
  delete process.env.FIRESPLIT_RULES;
});

const ready = { firehose: 'http://127.0.0.1:1234', console: 'http://127.0.0.1:1235' } as Ready;

describe('whereUpIs', () => {
  it('is what the data folder names, until that up ends', async () => {
    const data = await tempFolder();
    await mkdir(data, { recursive: true });
    const takeAway = await leaveReady(data, ready);
    expect(await whereUpIs(undefined, data)).toEqual({ endpoint: 'http://127.0.0.1:1234', ready });
    expect(await whereUpIs('http://127.0.0.1:1234/', data)).toMatchObject({ ready });
    await takeAway();
    expect(await whereUpIs(undefined, data)).toEqual({ endpoint: 'http://127.0.0.1:4573', ready: undefined });
  });

  it('is the address that is given, of which nothing is known', async () => {
    const data = await tempFolder();
    await leaveReady(data, ready);
    expect(await whereUpIs('http://127.0.0.1:9', data)).toEqual({ endpoint: 'http://127.0.0.1:9', ready: undefined });
  });
});

describe('settings by environment', () => {
  const parsed = (...words: string[]) =>
    new Command().addOption(dataOption()).addArgument(rulesArgument()).parse(words, { from: 'user' });

  it('take the place of flags and arguments that are left out', () => {
    process.env.FIRESPLIT_DATA = '/data';
    process.env.FIRESPLIT_RULES = '/rules';
    expect([parsed().opts().data, parsed().processedArgs]).toEqual(['/data', ['/rules']]);
    expect([parsed('--data', 'mine', 'own').opts().data, parsed('own').processedArgs]).toEqual(['mine', ['own']]);
  });
});

it.each(['localhost', 'ftp://localhost', 'http://', 'http://localhost:99999'])('refuses %s as an address', (text) => {
  expect(() => webAddress(text)).toThrow('An address such as http://127.0.0.1:4573.');
});
