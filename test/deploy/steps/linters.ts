import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../../infra/package.js';
import { effectiveTemplate } from '../effectiveTemplate.js';
import { run } from '../run.js';

/** The framework names dependencies that a GetAtt has already, which is harmless. */
const harmless = ['W3005'];

/** @throws Error with what cfn-lint found in any of the templates */
export async function lint(programs: string, folder: string, templates: Readonly<Record<string, Template>>) {
  for (const [name, template] of Object.entries(templates)) {
    const file = await effective(folder, name, template);
    await run(join(programs, 'cfn-lint'), ['--regions', 'us-east-1', '--ignore-checks', ...harmless, '--', file]);
  }
}

/** @throws Error with what Checkov found, but for what test/deploy/checkov.yml gives a reason for */
export async function scan(programs: string, folder: string, template: Template): Promise<void> {
  const file = await effective(folder, 'scanned', template);
  await run(join(programs, 'checkov'), ['--config-file', 'test/deploy/checkov.yml', '--file', file]);
}

async function effective(folder: string, name: string, template: Template): Promise<string> {
  const file = join(folder, `${name}.template.json`);
  await writeFile(file, JSON.stringify(effectiveTemplate(template), null, 1));
  return file;
}
