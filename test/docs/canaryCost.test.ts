import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { firehose } from '../../shared/limits.js';
import { prices } from '../../shared/prices.js';

it('docs/no-loss.md says what a canary a minute costs a month, at the prices of shared/prices.ts', async () => {
  const page = await readFile('docs/no-loss.md', 'utf8');
  const records = 30 * 24 * 60;
  const gigabytes = (records * firehose.billingIncrementBytes) / 1e9;
  expect(page).toContain(`${records.toLocaleString('en')} records of 5 KB are ${gigabytes.toFixed(2)} GB of Firehose`);
  expect(page).toContain(`$${(gigabytes * prices.firehoseIngestPerGb).toFixed(4)};`);
  expect(page).toContain(`to DynamoDB, $${((records / 1e6) * prices.dynamodbPerMillionWrites).toFixed(3)}`);
});
