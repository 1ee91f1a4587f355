import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { replaceSection } from '../../tools/docs/sections.js';
import { settingLines } from './page.js';

it('says what to set as the formulas have it; npm run simulate -- --update-docs writes it', async () => {
  const page = await readFile('docs/scale.md', 'utf8');
  expect(replaceSection('docs/scale.md', page, 'settings', await settingLines())).toBe(page);
});
