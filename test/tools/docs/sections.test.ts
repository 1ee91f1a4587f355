import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { generatedFiles, regenerate } from '../../../tools/docs/sections.js';

describe.each(generatedFiles)('$path', (file) => {
  it('is up to date with the code (npm run docs)', async () => {
    const text = await readFile(file.path, 'utf8');
    expect(regenerate(file, text)).toBe(text);
  });
});

describe('regenerate', () => {
  const names = ['access', 'error', 'app'];
  const sections = Object.fromEntries(names.map((name) => [name, () => [`made for ${name}`]]));
  const file = { path: 'page.md', sections };
  const page = names.map((name) => `  # begin generated: ${name}\n  old\n  # end generated: ${name}`);

  it('replaces what stands between the markers, and keeps their indentation', () => {
    expect(regenerate(file, `top\n${page.join('\nbetween\n')}\nbottom\n`)).toBe(
      `top\n${page.map((part, i) => part.replace('old', `made for ${names[i]}`)).join('\nbetween\n')}\nbottom\n`,
    );
  });

  it('names the section that is missing', () => {
    expect(() => regenerate(file, page.slice(0, 2).join('\n'))).toThrow(
      'page.md: no "begin generated: app" … "end generated: app"; add both lines',
    );
  });
});
