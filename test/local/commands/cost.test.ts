import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { costCommand } from '../../../local/commands/cost.js';
import type { StackEmitter } from '../../../local/events.js';
import { Meter } from '../../../local/meter/meter.js';
import { estimate } from '../../../shared/cost/estimate.js';
import { totalOf } from '../../../shared/cost/lineItem.js';
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
  const program = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  costCommand(program);
  for (const command of program.commands) command.copyInheritedSettings(program);
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
    expect(items).toHaveLength(13);
    expect(dollars).toBeCloseTo((5120 / 2 ** 30) * 0.029, 12);
    expect(usage.streams.logs).toMatchObject({ records: 1, lines: { lines: 1000 } });
  });

  it('estimates a month of a deployment that is described', async () => {
    await cost('--gb-per-day', '1024', '--containers', '100', '--services', '1', '--retention-days', '30');
    expect(printed).toMatch(
      /ingestion +Firehose +records, each rounded up to 5 KB +[\d,]+ GB +\$0\.029 a GB +\$\d+\.\d\d/,
    );
    expect(printed).toMatch(/a month, \$\d+\.\d\d for a TB of lines/);
    expect(printed).toContain('docs/cost.md');
  });

  it('prints the same items as JSON', async () => {
    await cost('--gb-per-day', '10', '--json', '--no-canary', '--share', '50,10,40');
    const { items, dollars, input } = JSON.parse(printed);
    expect(input).toMatchObject({ gbPerDay: 10, canary: false, share: { access: 0.5, error: 0.1, app: 0.4 } });
    expect(items).toEqual(estimate(input).map((item) => expect.objectContaining({ ...item })));
    expect(dollars).toBeCloseTo(totalOf(items), 9);
  });

  it.each([
    [
      ['--gb-per-day', 'much'],
      "'--gb-per-day <gb>' argument 'much' is invalid. GB a day, from 0.001 to 10000000, such as 0.5.",
    ],
    [['--gb-per-day', '1', '--containers', '0'], "'--containers <n>' argument '0' is invalid. A whole number from 1"],
    [['--gb-per-day', '1', '--landed-days', '91'], 'A whole number from 3 to 90.'],
    [
      ['--gb-per-day', '1', '--retention-days', '7'],
      'for 7 days, and for 14 as they landed, which no deployment takes: say more --retention-days, or fewer --landed-days (at least 3)',
    ],
    [['--gb-per-day', '1', '--share', '50,50,1'], 'Three numbers that are 100 together, such as 77,3,20.'],
    [['--containers', '5'], '--containers is about an estimate, which needs --gb-per-day'],
    [['--lines', '--gb-per-day', '1'], '--gb-per-day is about an estimate, --lines about what is stored'],
    [['--lines', '--no-canary'], '--no-canary is about an estimate, --lines about what is stored'],
    [['--athena'], '--athena is about what is stored: add --lines.'],
    [['--no-compaction'], '--no-compaction is about an estimate, which needs --gb-per-day'],
  ])('names the flag and what to do about it: %j', async (args, message) => {
    await expect(cost(...args)).rejects.toThrow(message);
  });

  it('says so when nothing was counted', async () => {
    const data = await tempFolder();
    await expect(cost('--data', data)).rejects.toThrow(`Nothing was counted in ${data}: run "firesplit up"`);
  });
});
