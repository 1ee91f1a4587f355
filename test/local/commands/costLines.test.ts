import { stripVTControlCharacters } from 'node:util';
import { expect, it } from '@jest/globals';
import { lineCostsText } from '../../../local/commands/costLines.js';
import type { CostedGroup, LineCosts } from '../../../shared/cost/lineCosts.js';

const GB = 2 ** 30;
const web: CostedGroup = { type: 'access', service: 'web', lines: 2_000_000, bytes: 168 * GB, dollarsPerDay: 0.4 };
const assets: CostedGroup = { ...web, template: 'GET /assets/#', bytes: 24.6 * GB, dollarsPerDay: 0.1 };

const textOf = (more: Partial<LineCosts>) =>
  stripVTControlCharacters(
    lineCostsText({ hours: 168, dollarsPerDay: 0.4, services: [web], messages: [assets], ...more }),
  );

it('says what comes to a day, however many hours were counted', () => {
  expect(textOf({})).toMatch(
    /service +type +lines in 168 h +GB a day +dollars a day\n +web +access +2,000,000 +24 +\$0\.40/,
  );
  expect(textOf({})).toMatch(/web +access +GET \/assets\/# +2,000,000 +3\.5 +\$0\.10/);
  expect(textOf({})).toContain('$0.4000 a day as in the last 168 hours, $146.00 a year');
});

it('writes many GB as a number', () => {
  expect(textOf({ hours: 24 })).toMatch(/web +access +2,000,000 +170 +\$0\.40/);
});

it('brings the rule that samples the dearest requests, where there are any', () => {
  expect(textOf({})).toContain("- { name: web-assets, where: { service: 'web', method: 'GET',");
  expect(textOf({ messages: [] })).not.toContain('sample:');
});
