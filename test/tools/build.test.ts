import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { tempFolder } from '../helpers/tempFolder.js';

/** `npm run build` in a project with this configuration and these rules. */
async function build(config: string, rules = ''): Promise<{ readonly code: number | null; readonly told: string }> {
  const root = await tempFolder();
  await mkdir(join(root, 'infra/rules'), { recursive: true });
  await writeFile(join(root, 'infra/firesplit.yml'), config);
  await writeFile(join(root, 'infra/rules/own.yml'), rules);
  const { status, stderr } = spawnSync(process.execPath, [resolve('dist/build.mjs')], { cwd: root, encoding: 'utf8' });
  return { code: status, told: stderr };
}

it('says where a mistake of the configuration or of a rule stands, and nothing beside', async () => {
  expect(await build('acess: {}\n')).toEqual({
    code: 1,
    told: expect.stringMatching(
      /^nothing was built: 1 problem in the configuration\ninfra\/firesplit\.yml:1:1 unknown key "acess"; did you mean "access"\?.*\n$/,
    ),
  });
  expect(await build('', '- name: pay\n  where: { level: fatal }\n  title: Pay\n')).toEqual({
    code: 1,
    told: expect.stringMatching(
      /^nothing was built: .*\ninfra\/rules\/own\.yml:1:3 the rule has no "severity"; add it\n$/,
    ),
  });
  expect(
    await build(
      'metrics: { rules: [pai] }\n',
      '- { name: pay, where: { level: fatal }, severity: info, title: Pay }\n',
    ),
  ).toEqual({
    code: 1,
    told: expect.stringMatching(
      /^nothing was built: .*\ninfra\/firesplit\.yml:1:20 unknown rule "pai"; did you mean "pay"/,
    ),
  });
});
