import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { costCommand } from '../../../local/commands/cost.js';
import type { StackEmitter } from '../../../local/events.js';
import { Meter } from '../../../local/meter/meter.js';
import { FakeClock } from '../../helpers/fakeClock.js';
import { tempFolder } from '../../helpers/tempFolder.js';

let printed: string;
beforeEach(() => {
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${stripVTControlCharacters(text)}\n`;
  });
});

async function cost(...args: string[]): Promise<void> {
  const program = new Command();
  costCommand(program);
  await program.parseAsync(['cost', ...args], { from: 'user' });
}

async function counted(): Promise<string> {
  const data = await tempFolder();
  const events: StackEmitter = new EventEmitter();
  const clock = new FakeClock();
  const meter = await Meter.open({ data, clock, events, kept: { landed: 14, parquet: 395, indexes: 92 } });
  const lines = `${'x'.repeat(511)}\n`.repeat(1000);
  events.emit('accepted', { stream: 'logs', sender: 'client', data: [gzipSync(lines)] });
  clock.advance(60_000);
  await meter.close();
  return data;
}

describe('firesplit cost', () => {
  it('prints the streams, the bill and what aggregation saves', async () => {
    await cost('--data', await counted());
    expect(printed).toMatch(/stream +records +sent +billed\n +logs +1 +/);
    expect(printed).toMatch(/Firehose +records, each rounded up to 5 KB +5.1 kB +\$0\.00000014/);
    expect(printed).toMatch(/sum +\$0\.00000014/);
    expect(printed).toContain('a month at this rate: $0.0061');
    expect(printed).toMatch(/had each line been a record +\$0\.00014 +\$296\.96/);
    expect(printed).toContain('1,000 lines, 512 kB: 1000 times less than with a record for each line.');
  });

  it('prints JSON for programs', async () => {
    await cost('--data', await counted(), '--json');
    const { items, dollars, usage } = JSON.parse(printed);
    expect(items).toHaveLength(11);
    expect(dollars).toBeCloseTo((5120 / 2 ** 30) * 0.029, 12);
    expect(usage.streams.logs).toMatchObject({ records: 1, lines: { lines: 1000 } });
  });

  it('says so when nothing was counted', async () => {
    const data = await tempFolder();
    await expect(cost('--data', data)).rejects.toThrow(`Nothing was counted in ${data}: run "firesplit up"`);
  });
});
