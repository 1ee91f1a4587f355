import { variablesOf } from '../conf.js';
import { allows, statementsOf } from '../iamPolicy.js';
import { type Finding, sources } from './finding.js';
import { outputsFor } from './matching.js';
import { finding, type Rules, type Subject } from './subject.js';
import type { Container } from './task.js';

/** Whether the task role may do what the router does; nothing is said when its policy was not given. */
export const permissionRules: Rules = (subject) => {
  const { policy, task } = subject;
  if (policy === undefined) return [];
  const statements = statementsOf(policy);
  return needs(subject)
    .filter(({ action, resource }) => !allows(statements, action, resource))
    .map(
      ({ action, resource }): Finding =>
        finding('permission', 'loses lines', task, ['taskRoleArn'], {
          problem: `The policy of the task role does not allow ${action} on ${resource}.`,
          remedy: 'Attach what `firesplit firelens --policy` prints.',
          source: action.startsWith('s3:') ? sources.initProcess : sources.fireLens,
        }),
    );
};

function needs({ router, senders, conf }: Subject): { action: string; resource: string }[] {
  const files = [...router.environment]
    .filter(([name]) => /^aws_fluent_bit_init_[sS]3/.test(name))
    .flatMap(([, value]) => value ?? []);
  const buckets = new Set(files.map((arn) => arn.split('/')[0] ?? arn));
  const inOptions = senders.map(({ logOptions }) => logOptions);
  const inConf =
    conf.kind === 'seen'
      ? senders.flatMap((sender) => outputsFor(conf.sections, sender)).map((each) => each.settings)
      : [];
  const outputs = [...inOptions, ...inConf].filter((settings) => settings.has('delivery_stream'));
  // A configuration that was not seen takes them from the environment, as the shipped one does.
  if (outputs.length === 0) outputs.push(shippedSettings);
  const roles = outputs.flatMap((settings) => settings.get('role_arn') ?? []);
  // What a role that is taken on may do, nobody here knows.
  const streams = outputs.filter((settings) => !settings.has('role_arn')).map((each) => streamArn(router, each));
  return [
    ...[...new Set(streams)].map((resource) => ({ action: 'firehose:PutRecordBatch', resource })),
    ...[...new Set(roles)].map((resource) => ({ action: 'sts:AssumeRole', resource })),
    ...files.map((resource) => ({ action: 's3:GetObject', resource })),
    ...[...buckets].map((resource) => ({ action: 's3:GetBucketLocation', resource })),
  ];
}

const shippedSettings: ReadonlyMap<string, string> = new Map([
  ['delivery_stream', `\${FIRESPLIT_STREAM}`],
  ['region', `\${AWS_REGION}`],
]);

/** Parts that nobody here knows are `*`. */
function streamArn({ environment }: Container, settings: ReadonlyMap<string, string>): string {
  const resolved = (key: string) => {
    const text = settings.get(key) ?? '*';
    if (variablesOf(text).some((name) => environment.get(name) === undefined)) return '*';
    return text.replace(/\$\{(\w+)\}/g, (_, name: string) => environment.get(name) ?? '');
  };
  return `arn:*:firehose:${resolved('region')}:*:deliverystream/${resolved('delivery_stream')}`;
}
