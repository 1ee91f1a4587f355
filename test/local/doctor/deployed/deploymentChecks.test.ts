import { describe, expect, it } from '@jest/globals';
import { examineParameters, examineProtection } from '../../../../local/doctor/deployed/deploymentChecks.js';
import { healthyStage, stack } from '../../../helpers/healthyStage.js';

const files = { retentionDays: 395, tags: { team: 'logs' }, alarmEmail: '', forward: `\${file(x.json):forward}` };
const read = { config: {}, rules: [], parameters: files, infra: undefined };

async function parameters(written: Readonly<Record<string, string>> | undefined) {
  return await examineParameters(healthyStage({ parameters: async () => written }), 'prod', read);
}

describe('the parameters of a deployment', () => {
  it('are those of the files', async () => {
    const { examination } = await parameters({ retentionDays: '395', tags: '{"team":"logs"}', forward: 'Disabled' });
    expect(examination.findings).toEqual([]);
  });

  it('differ from those of the files by name, and hold for what is looked at next', async () => {
    const told = await parameters({ retentionDays: '30', tags: '{}', alarmEmail: 'a@example.com', forward: 'Enabled' });
    expect(told.examination.findings.map(({ result, place, problem }) => `${result} ${place}: ${problem}`)).toEqual([
      'warn infra/parameters.yml retentionDays: stage prod was deployed with 30, and the files say 395',
      'warn infra/parameters.yml tags: stage prod was deployed with {}, and the files say {"team":"logs"}',
      'warn infra/parameters.yml alarmEmail: stage prod was deployed with a@example.com, and the files say nothing',
      'warn infra/firesplit.yml (forward): stage prod was deployed with Enabled, and the files say Disabled',
    ]);
    expect(told.parameters).toMatchObject({ retentionDays: '30', forward: 'Enabled', sns: 'Disabled' });
  });

  it('are not compared where one version does not know them, nor where none wrote them down', async () => {
    expect((await parameters({ comingParameter: '1' })).examination.findings).toEqual([]);
    const told = await parameters(undefined);
    expect(told.examination.findings).toMatchObject([{ result: 'unknown', remedy: 'deploy this version, which does' }]);
    expect(told.parameters).toMatchObject({ retentionDays: 395 });
  });
});

describe('the protection of the stack', () => {
  it('is missed where it was asked for', () => {
    const off = { ...stack, isProtected: false };
    expect(examineProtection(stack, 'prod', { protection: 'Enabled' }).findings).toEqual([]);
    expect(examineProtection(off, 'prod', { protection: 'Disabled' }).findings).toEqual([]);
    expect(examineProtection(off, 'prod', { protection: 'Enabled' }).findings).toMatchObject([
      { result: 'warn', place: 'stack firesplit-prod', remedy: expect.stringMatching(/--stack-name firesplit-prod$/) },
    ]);
  });
});
