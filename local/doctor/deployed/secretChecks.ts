import { counted } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import type { Secret } from '../project/secrets.js';
import { look } from './look.js';
import type { DeployedStage } from './stage.js';

/** The secrets that the configuration and the rules ask for. */
export function examineSecrets(deployed: DeployedStage, secrets: readonly Secret[]): Promise<Examination> {
  const asked = { name: 'aws:secrets', place: 'parameters of SSM', permission: 'ssm:GetParameters' };
  return look(asked, async () => {
    const names = new Set(secrets.flatMap(({ name, otherwise }) => [name, otherwise ?? name]));
    const types = await deployed.parameterTypes([...names]);
    const findings = secrets.flatMap(({ name, otherwise, purpose, page }): Finding[] => {
      const type = types.get(name);
      const put = `aws ssm put-parameter --type SecureString --name ${name} --value …`;
      if (type === 'SecureString' || (type === undefined && otherwise !== undefined && types.has(otherwise))) return [];
      return type === undefined
        ? [
            {
              result: 'fail',
              place: name,
              problem: `there is none: ${purpose} is missing`,
              remedy: put,
              source: page,
            },
          ]
        : [
            {
              result: 'warn',
              place: name,
              problem: `it is a ${type}, so whoever may read parameters reads ${purpose}`,
              remedy: `delete it, and ${put}`,
            },
          ];
    });
    return { about: `${counted(secrets.length, 'secret')} in SSM, or another one that takes its place`, findings };
  });
}

/** Whether the values of Slack routes are webhooks. The values themselves are shown to nobody. */
export function examineWebhooks(
  deployed: DeployedStage,
  secrets: readonly Secret[],
  stage: string,
): Promise<Examination> {
  const prefix = `/firesplit/${stage}/slack/`;
  const names = secrets.flatMap(({ name, otherwise }) => [name, otherwise ?? name]);
  const asked = {
    name: 'aws:webhooks',
    place: `values under ${prefix}`,
    permission: 'ssm:GetParameters and kms:Decrypt',
  };
  return look(asked, async () => {
    const values = await deployed.secretValues([...new Set(names)].filter((name) => name.startsWith(prefix)));
    const findings = [...values].flatMap(([name, value]) => {
      const remedy = `aws ssm put-parameter --overwrite --type SecureString --name ${name} --value …`;
      return mistakesIn(value.trim()).map(
        (mistake): Finding => ({ ...mistake, place: name, remedy, source: 'docs/slack.md' }),
      );
    });
    return { about: `${counted(values.size, 'webhook')} can be decrypted and look as Slack writes them`, findings };
  });
}

function mistakesIn(value: string): Pick<Finding, 'result' | 'problem'>[] {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) return [{ result: 'fail', problem: 'its value is no URL' }];
  // https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks; what Slack stands in for has other hosts and paths.
  if (/^hooks\.slack(-gov)?\.com$/.test(url.hostname) && !/^\/services\/\w+\/\w+\/\w+$/.test(url.pathname)) {
    const problem = 'its value is no incoming webhook of Slack, which is https://hooks.slack.com/services/T…/B…/…';
    return [{ result: 'fail', problem }];
  }
  if (url.protocol === 'https:') return [];
  return [
    { result: 'warn', problem: 'its value begins with http:, so whoever is on the way reads it and the messages' },
  ];
}
