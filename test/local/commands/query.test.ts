import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { queryCommand } from '../../../local/commands/query.js';
import type { Status } from '../../../local/console/status.js';
import { tempFolder } from '../../helpers/tempFolder.js';
import { startWebServer } from '../../helpers/webServer.js';

let data: string;
let told: string[];

beforeEach(async () => {
  data = await tempFolder();
  told = [];
  jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation((text) => told.push(text));
});
afterEach(() => {
  jest.restoreAllMocks();
});

async function query(sql: string): Promise<void> {
  const program = new Command();
  queryCommand(program);
  await program.parseAsync(['query', '--data', data, sql], { from: 'user' });
}

/** Runs a query while an `up` with this status seems to work on the data folder. */
async function queryWith(status: Status, sql: string): Promise<void> {
  const server = await startWebServer((_, response) => response.end(JSON.stringify(status)));
  await writeFile(join(data, 'ready.json'), JSON.stringify({ console: server.url }));
  await query(sql).finally(() => server.stop());
}

describe('query without rows', () => {
  it('says that nothing runs', async () => {
    await query('SELECT * FROM access');
    expect(told.join()).toContain(`No rows, and no "firesplit up" runs on ${data}.`);
  });

  it('says what is still buffered, and for how long', async () => {
    await queryWith({ queryableWithin: 80_000, buffered: { items: 3, bytes: 12_345 } }, 'SELECT * FROM access');
    expect(told.join()).toContain('No rows. 12.3 kB are still buffered, and can be queried within 81 seconds.');
  });

  it('says that everything is there', async () => {
    await queryWith({ queryableWithin: 1000, buffered: { items: 0, bytes: 0 } }, 'SELECT * FROM access');
    expect(told.join()).toContain('No rows. Nothing is buffered');
  });
});

it('says nothing of it when there are rows', async () => {
  await query('SELECT 1 AS n');
  expect(told).toEqual([]);
});
