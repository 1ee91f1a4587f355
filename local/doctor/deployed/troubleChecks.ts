import type { Control } from '../../../shared/compact/control.js';
import { layout } from '../../../shared/compact/layout.js';
import { lengthOf, startOf, type WindowLength } from '../../../shared/compact/windows.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import { fromJsonBytes } from '../../../shared/text/jsonBytes.js';
import { counted } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import type { Secret } from '../project/secrets.js';
import { look } from './look.js';
import type { DeployedStack, DeployedStage } from './stage.js';

/** The secrets that the configuration and the rules ask for. */
export function examineSecrets(deployed: DeployedStage, secrets: readonly Secret[]): Promise<Examination> {
  const asked = { name: 'aws:secrets', place: 'parameters of SSM', permission: 'ssm:GetParameters' };
  return look(asked, async () => {
    const names = new Set(secrets.flatMap(({ name, otherwise }) => [name, otherwise ?? name]));
    const types = await deployed.parameterTypes([...names]);
    const findings = secrets.flatMap(({ name, otherwise, purpose }): Finding[] => {
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
              source: 'docs/slack.md',
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

/** Queues of outputs.yml that hold what was given up, and the page that says what to do with it. */
const deadLetters = {
  SignalsDeadLetterQueueUrl: { what: 'signals that could not be decided or told', page: 'signals-given-up' },
  ReplayDeadLetterQueueUrl: { what: 'parts of replays', page: 'replay-given-up' },
  CompactionDeadLetterQueueUrl: { what: 'compactions that failed three times', page: 'compaction-failing' },
  ForwardDeadLetterQueueUrl: { what: 'objects whose rows a sink did not take', page: 'forward-failing' },
} as const;

/** How much waits, and whether something was given up. */
export function examineQueues(deployed: DeployedStage, { outputs }: DeployedStack): Promise<Examination> {
  const asked = { name: 'aws:queues', place: 'queues', permission: 'sqs:GetQueueAttributes' };
  return look(asked, async () => {
    const signals = outputs.SignalsQueueUrl;
    const waiting = signals === undefined ? 0 : await deployed.waiting(signals);
    const found = await Promise.all(
      Object.entries(deadLetters).map(async ([output, { what, page }]): Promise<Finding[]> => {
        const url = outputs[output];
        const count = url === undefined ? 0 : await deployed.waiting(url);
        if (count === 0) return [];
        const name = url?.split('/').at(-1) ?? output;
        const problem = `${counted(count, 'message')} given up: ${what}`;
        return [{ result: 'warn', place: `queue ${name}`, problem, remedy: `see docs/alarms/${page}.md` }];
      }),
    );
    return { about: `nothing was given up; ${counted(waiting, 'message')} of signals waiting`, findings: found.flat() };
  });
}

/** Alarms of the stage that ring now. */
export function examineRinging(deployed: DeployedStage, stage: string): Promise<Examination> {
  const prefix = `firesplit-${stage}-`;
  const asked = { name: 'aws:alarms', place: `alarms ${prefix}…`, permission: 'cloudwatch:DescribeAlarms' };
  return look(asked, async () => {
    const ringing = await deployed.ringing(prefix);
    const findings = ringing.map((name): Finding => {
      const remedy = `see docs/alarms/${name.slice(prefix.length)}.md`;
      return { result: 'warn', place: `alarm ${name}`, problem: 'it rings', remedy };
    });
    return { about: 'no alarm of the stage rings', findings };
  });
}

/** The open window, the one that closes, and the two more after which the alarm compaction-behind rings. */
const healthyWindows = 4;

/** How far compaction is. */
export function examineBoundary(
  deployed: DeployedStage,
  { bucket, window, now }: { readonly bucket: string; readonly window: WindowLength; readonly now: number },
): Promise<Examination> {
  const asked = { name: 'aws:compaction', place: `bucket ${bucket}`, permission: 's3:GetObject and s3:ListBucket' };
  return look(asked, async () => {
    const boundaries = await Promise.all(
      logTypes.map(async (type) => {
        const bytes = await deployed.object(bucket, layout.control(type));
        return bytes && { type, boundary: fromJsonBytes<Control>(bytes).boundary };
      }),
    );
    const known = boundaries.flatMap((each) => each ?? []);
    const findings = known.flatMap(({ type, boundary }): Finding[] => {
      if (now - startOf(boundary) <= healthyWindows * lengthOf(window)) return [];
      const place = `s3://${bucket}/${layout.control(type)}`;
      const problem = `lines of ${type} that arrived since ${boundary} (UTC) are not yet Parquet, where windows are a${window === 'hour' ? 'n hour' : ' day'}`;
      return [{ result: 'warn', place, problem, remedy: 'see docs/alarms/compaction-behind.md' }];
    });
    const about =
      known.length === 0
        ? 'compaction has not begun'
        : `Parquet until ${known.map(({ type, boundary }) => `${boundary} (${type})`).join(', ')}`;
    return { about, findings };
  });
}
