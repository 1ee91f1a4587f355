import { describe, expect, it } from '@jest/globals';
import { examineSecrets, examineWebhooks } from '../../../../local/doctor/deployed/secretChecks.js';
import { healthyStage } from '../../../helpers/healthyStage.js';

const [team, usual, key] = [
  '/firesplit/prod/slack/team',
  '/firesplit/prod/slack/default',
  '/firesplit/prod/forward/key',
];
const secrets = [
  { name: team, purpose: 'a webhook', otherwise: usual, page: 'docs/slack.md' },
  { name: key, purpose: 'a key', page: 'docs/forward.md' },
];

async function tell(value: string) {
  const asked: string[] = [];
  const secretValues = async (names: readonly string[]) => {
    asked.push(...names);
    return new Map([[usual, value]]);
  };
  const { about, findings } = await examineWebhooks(healthyStage({ secretValues }), secrets, 'prod');
  // Only webhooks are decrypted, and no value is shown.
  expect(asked).toEqual([team, usual]);
  expect(JSON.stringify({ about, findings })).not.toContain('secret');
  return findings.map(({ result, problem, place }) => `${result} ${place}: ${problem}`);
}

it('names the page of each secret that is missing', async () => {
  const parameterTypes = async () => new Map<string, string>();
  const { findings } = await examineSecrets(healthyStage({ parameterTypes }), secrets);
  expect(findings.map(({ place, source }) => [place, source])).toEqual([
    [team, 'docs/slack.md'],
    [key, 'docs/forward.md'],
  ]);
});

describe('the values of Slack routes', () => {
  it.each([
    'https://hooks.slack.com/services/T0/B0/secret\n',
    'https://hooks.slack-gov.com/services/T0/B0/secret',
    // Of a service that takes Slack's messages.
    'https://mattermost.example.com/hooks/secret',
  ])('may be %s', async (value) => {
    expect(await tell(value)).toEqual([]);
  });

  it.each([
    ['secret', 'fail', 'its value is no URL'],
    ['"https://hooks.slack.com/services/T0/B0/secret"', 'fail', 'its value is no URL'],
    ['ftp://hooks.slack.com/services/T0/B0/secret', 'fail', 'its value is no URL'],
    ['https://hooks.slack.com/triggers/T0/1/secret', 'fail', 'its value is no incoming webhook of Slack'],
    ['https://hooks.slack.com/services/T0/B0', 'fail', 'its value is no incoming webhook of Slack'],
    ['http://mattermost.example.com/hooks/secret', 'warn', 'its value begins with http:'],
  ])('are not %s', async (value, result, problem) => {
    expect(await tell(value)).toEqual([expect.stringMatching(`^${result} ${usual}: ${problem}`)]);
  });
});
