import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { runDoctor } from '../../helpers/doctor.js';
import { tempFolder } from '../../helpers/tempFolder.js';

afterEach(() => {
  process.exitCode = undefined;
});

async function template(resources: object): Promise<string> {
  const path = join(await tempFolder(), 'template.json');
  await writeFile(path, JSON.stringify({ Resources: resources }));
  return path;
}

/** The sources may have changed since the last build. */
const ofBuild = /^✗ build /;

const topic = { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms' } };

describe('firesplit doctor', () => {
  it('tells a failure in one line, and exits with 1', async () => {
    const path = await template({ Topic: { ...topic, Properties: { TopicName: 'all alarms' } } });
    const lines = (await runDoctor('--template', path)).split('\n');
    expect(lines.filter((line) => line.startsWith('✗') && !ofBuild.test(line))).toEqual([
      '✗ properties     Topic.TopicName: the name "all alarms" of 10 characters is refused: a name is at most 256 letters, digits, - and _ → shorten or rename it, or its stage',
      expect.stringMatching(/^✗ \d to mend, .*\d+ passed$/),
    ]);
    expect(process.exitCode).toBe(1);
  });

  it('says the same as JSON', async () => {
    const path = await template({ Topic: { ...topic, Properties: { TopicName: 'all alarms' } } });
    const told = JSON.parse(await runDoctor('--json', '--template', path));
    expect(told.failed).toBeGreaterThan(0);
    expect(told.examinations).toContainEqual({
      name: 'properties',
      about: expect.any(String),
      result: 'fail',
      findings: [
        {
          result: 'fail',
          place: 'Topic.TopicName',
          problem: expect.any(String),
          remedy: expect.any(String),
          source: 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html',
        },
      ],
    });
    expect(process.exitCode).toBe(1);
  });

  it('refuses what is no template', async () => {
    const path = await template({});
    await expect(runDoctor('--template', `${path}.missing`)).rejects.toThrow("can't be read; name a template");
    await writeFile(path, '{');
    await expect(runDoctor('--template', path)).rejects.toThrow(`${path} is no JSON`);
    await writeFile(path, '[]');
    await expect(runDoctor('--template', path)).rejects.toThrow(`${path} has no Resources`);
    await writeFile(path, '{"Resources":{"Queue":{}}}');
    await expect(runDoctor('--template', path)).rejects.toThrow('Resources.Queue has no Type');
  });

  it('says what the files have when nobody is signed in to AWS, and exits with 1', async () => {
    const before = { ...process.env };
    const nowhere = join(await tempFolder(), 'none');
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
    Object.assign(process.env, { AWS_EC2_METADATA_DISABLED: 'true', AWS_CONFIG_FILE: nowhere });
    process.env.AWS_SHARED_CREDENTIALS_FILE = nowhere;
    try {
      const lines = (await runDoctor('--template', await template({}), '--aws', '--region', 'eu-west-1')).split('\n');
      expect(lines).toContain('✓ configuration  infra/firesplit.yml has no problems');
      expect(lines.filter((line) => /^. aws/.test(line))).toEqual([
        expect.stringMatching(/^✗ aws {12}stage prod: nobody is signed in \(.*\) → set AWS_PROFILE, or /),
      ]);
      const unset = (await runDoctor('--template', await template({}), '--aws', '--region', '')).split('\n');
      expect(unset.filter((line) => /^. aws/.test(line))).toEqual([
        expect.stringMatching(/^✗ aws {12}stage prod: no region is set: neither --region nor AWS_REGION nor /),
      ]);
      expect(process.exitCode).toBe(1);
    } finally {
      process.env = before;
    }
  });
});
