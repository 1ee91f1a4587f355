import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
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

  it('say which one is missing', () => {
    expect(problems((text) => text.replace(/^ {2}window: hour\n/m, ''))).toEqual([
      expect.stringMatching(/"default" has no window; add it/),
    ]);
  });

  it('take what the framework made of variables', () => {
    const text = shipped.replace('retentionDays: 395', `retentionDays: \${env:DAYS}`);
    const of = (days: string) =>
      parameterProblems({ path, text }, { stage: 'prod', overrides: {}, resolved: resolvedWith(days) });
    expect(of('30')).toEqual([]);
    expect(of('many')).toEqual([expect.stringMatching(/^infra\/parameters\.yml:\d+:18 retentionDays is "many"/)]);
  });
});

function resolvedWith(retentionDays: string) {
  const texts = ['stream', 'bucket', 'redactHashKey', 'putBackKeys', 'forward', 'forwardTypes', 'silenceLinks', 'sns'];
  return {
    default: {
      ...Object.fromEntries(texts.map((key) => [key, 'x-x'])),
      ...{ snsTopics: '', window: 'hour', sourceBackup: 'Disabled', landedDays: 14, backupDays: 14 },
      ...{ replayMegabytesPerSecond: 0.5, replayRecordsPerSecond: 1000, retentionDays },
    },
  };
}
