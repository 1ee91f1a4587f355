import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { parameterProblems } from '../../../shared/deploy/parameters.js';

const path = 'infra/parameters.yml';
const shipped = await readFile(path, 'utf8');

/** Of the shipped file, changed, for stage prod. */
function problems(change: (text: string) => string = (text) => text, overrides: Record<string, string> = {}) {
  return parameterProblems({ path, text: change(shipped) }, { stage: 'prod', overrides });
}

describe('the parameters of a deployment', () => {
  it('are right as they are shipped', () => {
    expect(problems()).toEqual([]);
  });

  it.each([
    ['retentionDays: 395', 'retentionDays: abc', 'retentionDays is "abc"; it must be a whole number'],
    ['retentionDays: 395', 'retentionDays: 0', 'retentionDays is 0; it must be >= 1'],
    ['landedDays: 14', 'landedDays: 91', 'landedDays is 91; it must be <= 90'],
    ['window: hour', 'window: week', 'unknown window "week"; allowed: hour, day'],
    ['stream: logs', 'stream: my logs', 'stream is "my logs"; write up to 64 letters'],
    ['bucket: ""', 'bucket: Prod_Logs', 'bucket is "Prod_Logs"; write 3 to 63 lower-case letters'],
    ['stream: logs', 'straem: logs', 'unknown parameter "straem"; did you mean "stream"?'],
    ['sourceBackup: Disabled', 'sourceBackup: true', 'unknown sourceBackup true; allowed: Disabled, Enabled'],
    ['backupDays: 14', 'backupDays: 365', 'backupDays is 365; it must be <= 90'],
  ])('say for %j as %j what to write, and where', (right, wrong, message) => {
    const line = shipped.slice(0, shipped.indexOf(`  ${right}`)).split('\n').length;
    expect(problems((text) => text.replace(right, wrong))).toEqual([
      expect.stringMatching(new RegExp(`^infra/parameters.yml:${line}:\\d+ `)),
    ]);
    expect(problems((text) => text.replace(right, wrong))[0]).toContain(message);
  });

  it('name the stage that is no name', () => {
    expect(parameterProblems({ path, text: shipped }, { stage: 'prod-eu', overrides: {} })).toEqual([
      expect.stringMatching(/^--stage: stage "prod-eu" .* such as prodeu$/),
    ]);
    expect(problems((text) => `${text}\nprod-eu:\n  stream: logs-eu\n`)).toEqual([
      expect.stringMatching(/^infra\/parameters\.yml:\d+:1 stage "prod-eu" /),
    ]);
  });

  it('look at what --param says as well, and tell it apart', () => {
    expect(problems(undefined, { retentionDays: 'abc' })).toEqual([
      '--param="retentionDays=…": retentionDays is "abc"; it must be a whole number',
    ]);
    expect(problems(undefined, { retentionDays: '30', stream: '12' })).toEqual([]);
    expect(problems(undefined, { retentionDay: '30' })).toEqual([
      expect.stringMatching(
        /^--param="retentionDay=…": unknown parameter "retentionDay"; did you mean "retentionDays"\?/,
      ),
    ]);
  });

  it('say what does not go together, at the part that holds for the stage', () => {
    const own = (text: string) => `${text}\nprod:\n  retentionDays: 7\n`;
    expect(problems(own)).toEqual([
      expect.stringMatching(/^infra\/parameters\.yml:\d+:18 retentionDays is 7 and landedDays 14: .*write at least 14/),
    ]);
    expect(problems(own, { retentionDays: '14' })).toEqual([]);
    expect(problems(undefined, { retentionDays: '7' })).toEqual([
      expect.stringMatching(/^--param="retentionDays=…": /),
    ]);
  });

  it.each([
    ['subnets: ""', 'subnets: subnet-0a1b', 'securityGroups is empty and subnets is not; a VPC takes both'],
    ['kmsKey: ""', `kmsKey: ${key('eu-west-1')}`, 'kmsKey is in eu-west-1, and the deployment in us-east-1'],
    ['kmsKey: ""', 'kmsKey: alias/logs', 'kmsKey is "alias/logs"; write the ARN of a key'],
    ['rolePath: /', 'rolePath: firesplit', 'rolePath is "firesplit"; write / or a path with a slash at both ends'],
    ['logRetentionDays: 30', 'logRetentionDays: 31', 'unknown logRetentionDays 31; allowed: 1, 3, 5, 7, 14, 30, 60'],
  ])('say for %j as %j what AWS would refuse', (right, wrong, message) => {
    const text = shipped.replace(right, wrong);
    expect(parameterProblems({ path, text }, { stage: 'prod', region: 'us-east-1', overrides: {} })).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it('take a key of the region', () => {
    const overrides = { kmsKey: key('us-east-1') };
    expect(parameterProblems({ path, text: shipped }, { stage: 'prod', region: 'us-east-1', overrides })).toEqual([]);
  });

  it('say which one is missing', () => {
    expect(problems((text) => text.replace(/^ {2}window: hour\n/m, ''))).toEqual([
      expect.stringMatching(/"default" has no window; add it/),
    ]);
  });

  it('have one way to whom alarms tell', () => {
    const overrides = { alarmEmail: 'oncall@example.com', alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:oncall' };
    const problems = parameterProblems({ path, text: shipped }, { stage: 'prod', overrides });
    expect(problems).toContainEqual(expect.stringMatching(/^--param="alarmEmail=…": there is an alarmTopic as well/));
    const of = (alarmEmail: string) =>
      parameterProblems({ path, text: shipped }, { stage: 'prod', overrides: { alarmEmail } });
    expect(of('oncall@example.com').filter((text) => text.includes('alarm'))).toEqual([]);
    expect(of('oncall')).toContainEqual(expect.stringContaining('write one address'));
  });

  it('take what the framework made of variables', () => {
    const text = shipped.replace('retentionDays: 395', `retentionDays: \${env:DAYS}`);
    const of = (days: string) =>
      parameterProblems({ path, text }, { stage: 'prod', overrides: {}, resolved: resolvedWith(days) });
    expect(of('30')).toEqual([]);
    expect(of('many')).toEqual([expect.stringMatching(/^infra\/parameters\.yml:\d+:18 retentionDays is "many"/)]);
  });
});

function key(region: string): string {
  return `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
}

/** The file as the framework gives it: with texts for its variables. */
function resolvedWith(retentionDays: string) {
  const { default: section } = parse(shipped) as { default: Record<string, unknown> };
  return { default: { ...section, retentionDays } };
}
