import { allows, statementsOf } from '../iamPolicy.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';

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

function needs({ router, senders }: Subject): { action: string; resource: string }[] {
  const inOptions = senders.map(({ logOptions }) => logOptions);
  const stream = router.environment.get('FIRESPLIT_STREAM') ?? first(inOptions, 'delivery_stream') ?? '*';
  const region = router.environment.get('AWS_REGION') ?? first(inOptions, 'region') ?? '*';
  const files = [...router.environment]
    .filter(([name]) => /^aws_fluent_bit_init_[sS]3/.test(name))
    .flatMap(([, value]) => value ?? []);
  const buckets = new Set(files.map((arn) => arn.split('/')[0] ?? arn));
  return [
    { action: 'firehose:PutRecordBatch', resource: `arn:*:firehose:${region}:*:deliverystream/${stream}` },
    ...files.map((resource) => ({ action: 's3:GetObject', resource })),
    ...[...buckets].map((resource) => ({ action: 's3:GetBucketLocation', resource })),
  ];
}

function first(maps: readonly ReadonlyMap<string, string>[], key: string): string | undefined {
  return maps.map((map) => map.get(key)).find((value) => value !== undefined);
}
