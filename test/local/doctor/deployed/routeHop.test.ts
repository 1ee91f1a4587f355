import { describe, expect, it } from '@jest/globals';
import { sendByRoute } from '../../../../local/doctor/deployed/routeHop.js';
import { denied, healthyStage } from '../../../helpers/healthyStage.js';

async function tell(answer: object | string, failed = false) {
  const payload = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const invoked: unknown[] = [];
  const invoke = async (name: string, event: string) => {
    invoked.push(name, JSON.parse(event));
    return { payload, failed };
  };
  const { about, findings } = await sendByRoute(healthyStage({ invoke }), 'prod', { route: 'team', run: '0123' });
  expect(invoked).toEqual(['firesplit-prod-alert', { testRoute: 'team', run: '0123' }]);
  return [
    about.replace(/\d+\.\d s/, '… s'),
    ...findings.map(({ result, place, problem }) => `${result} ${place}: ${problem}`),
  ];
}

describe('a message by way of a route', () => {
  it('says who took it, and how long that took', async () => {
    const sent = { result: 'sent', route: 'team', owner: 'team' };
    expect(await tell(sent)).toEqual(['route team took "test of route team, 0123" in … s']);
    expect(await tell({ ...sent, owner: 'default' })).toEqual([
      'route team, which has no endpoint of its own, by that of default, took "test of route team, 0123" in … s',
    ]);
  });

  it('says why nobody was told', async () => {
    const of = { route: 'team', owner: 'team' };
    expect(await tell({ ...of, result: 'refused', reason: 'Slack answered 403 invalid_token' })).toEqual([
      '',
      'fail route team: nobody was told: Slack answered 403 invalid_token',
    ]);
    expect(await tell({ ...of, result: 'throttled', retryAfter: 30_000 })).toEqual([
      '',
      'warn route team: its service asks for a pause of 30 s',
    ]);
  });

  it('says that the function does not know it, or what went wrong there', async () => {
    expect(await tell({ batchItemFailures: [] })).toEqual([
      '',
      'fail route team: the alert function did not answer the test: {"batchItemFailures":[]}',
    ]);
    expect(await tell('{"errorMessage":"records is not iterable"}', true)).toEqual([
      '',
      'fail route team: the alert function did not answer the test: {"errorMessage":"records is not iterable"}',
    ]);
  });

  it('is not known where the function may not be invoked', async () => {
    const { findings } = await sendByRoute(healthyStage({ invoke: denied('AccessDeniedException') }), 'prod', {
      ...{ route: 'team', run: '0123' },
    });
    expect(findings).toMatchObject([{ result: 'unknown', remedy: 'it takes lambda:InvokeFunction' }]);
  });
});
