import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runDoctor } from '../helpers/doctor.js';
import { tempFolder } from '../helpers/tempFolder.js';

afterEach(() => {
  process.exitCode = undefined;
});

describe('firesplit doctor', () => {
  it('passes on this project, as it is built', async () => {
    const path = join(await tempFolder(), 'template.json');
    await writeFile(path, JSON.stringify({ Resources: {} }));
    const lines = (await runDoctor('--template', path)).split('\n');
    expect(lines).toContain('✓ configuration  infra/firesplit.yml has no problems');
    expect(lines).toContain('✓ build          dist/ is made of what lies here');
    expect(lines.filter((line) => line.startsWith('✗'))).toEqual([]);
    expect(lines.at(-2)).toMatch(/^✓ nothing has to be mended, .*\d+ passed$/);
    expect(process.exitCode).toBeUndefined();
  });
});
