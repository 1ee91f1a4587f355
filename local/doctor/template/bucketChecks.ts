import { s3 } from '../../../shared/limits.js';
import type { Properties } from '../../firehose/stream/streamConfig.js';
import type { Finding } from '../finding.js';
import {
  type Checks,
  fail,
  listOf,
  mapOf,
  numberOf,
  ofType,
  type Resource,
  type Subject,
  toldText,
  warn,
} from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com/AmazonS3/latest';
const naming = `${docs}/userguide/bucketnamingrules.html`;
const lifecycle = `${docs}/API/API_PutBucketLifecycleConfiguration.html`;

/** Buckets: names, and what becomes of old objects. */
export const bucketChecks: Checks = (subject) =>
  ofType(subject, 'AWS::S3::Bucket').flatMap((bucket) => [
    ...ofName(subject, bucket),
    ...ofRules(subject, bucket),
    ...ofAccess(subject, bucket),
  ]);

function ofName(subject: Subject, { id, properties }: Resource): Finding[] {
  const name = toldText(properties.BucketName);
  const mistake = name === undefined ? undefined : nameMistake(name);
  if (mistake === undefined) return [];
  return [
    fail(subject, id, 'BucketName', {
      problem: `${JSON.stringify(name)} ${mistake}`,
      remedy: 'write `bucket: NAME` under the stage in infra/parameters.yml, of lower-case letters, digits and -',
      source: naming,
    }),
  ];
}

/** Why S3 refuses a bucket's name; undefined when it doesn't. */
function nameMistake(name: string): string | undefined {
  const { minBucketName: min, maxBucketName: max } = s3;
  if (name.length < min || name.length > max)
    return `has ${name.length} characters, and a bucket's name ${min} to ${max}`;
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(name)) {
    return 'has other characters than a-z, 0-9, - and ., or no letter or digit at an end';
  }
  if (name.includes('..') || /^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'has two dots in a row, or is an IP address';
  if (/^(xn--|sthree-|amzn-s3-demo-)/.test(name) || /(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name)) {
    return 'begins or ends with what S3 keeps for itself';
  }
  return undefined;
}

function ofRules(subject: Subject, { id, properties }: Resource): Finding[] {
  const configuration = properties.LifecycleConfiguration;
  if (configuration === undefined) return [];
  const rules = listOf(mapOf(configuration).Rules).map(mapOf);
  const way = 'LifecycleConfiguration.Rules';
  const told = (where: string, problem: string, remedy: string) =>
    fail(subject, id, `${way}${where}`, { problem, remedy, source: lifecycle });
  const ids = rules.map(({ Id }) => Id);
  return [
    ...(rules.length === 0 || rules.length > s3.maxLifecycleRules
      ? [
          told(
            '',
            `${rules.length} rules, and S3 takes 1 to ${s3.maxLifecycleRules}`,
            'take the property out, or rules',
          ),
        ]
      : []),
    ...rules.flatMap((rule, index) => [
      ...(rule.Id !== undefined && ids.indexOf(rule.Id) < index
        ? [told(`[${index}].Id`, `${textOf(rule.Id)} is the Id of another rule`, 'give it another one')]
        : []),
      ...ofRule(rule, (where, problem, remedy) => told(`[${index}]${where}`, problem, remedy)),
    ]),
  ];
}

const actions = [
  ...['AbortIncompleteMultipartUpload', 'ExpirationDate', 'ExpirationInDays', 'ExpiredObjectDeleteMarker'],
  ...['NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays', 'NoncurrentVersionTransition'],
  ...['NoncurrentVersionTransitions', 'Transition', 'Transitions'],
];

function ofRule(rule: Properties, told: (where: string, problem: string, remedy: string) => Finding): Finding[] {
  const findings: Finding[] = [];
  const { Status, ExpirationInDays, AbortIncompleteMultipartUpload: abort } = rule;
  if (Status !== 'Enabled' && Status !== 'Disabled') {
    findings.push(told('.Status', `${JSON.stringify(Status ?? null)} is none`, 'write Enabled or Disabled'));
  }
  if (!actions.some((action) => rule[action] !== undefined)) {
    findings.push(told('', 'it does nothing, and S3 refuses that', 'write ExpirationInDays'));
  }
  const [expires, aborts] = [numberOf(ExpirationInDays), numberOf(mapOf(abort).DaysAfterInitiation)];
  const isWhole = (days: number | undefined) => days !== undefined && Number.isInteger(days) && days > 0;
  if (ExpirationInDays !== undefined && !isWhole(expires)) {
    findings.push(told('.ExpirationInDays', `${textOf(ExpirationInDays)} are no days`, 'write a whole number above 0'));
  }
  if (abort !== undefined && !isWhole(aborts)) {
    findings.push(told('.AbortIncompleteMultipartUpload', 'it has no days', 'write DaysAfterInitiation: 1'));
  }
  const transitions = [...listOf(rule.Transitions), ...(rule.Transition === undefined ? [] : [rule.Transition])].map(
    mapOf,
  );
  let before = 0;
  for (const { StorageClass, TransitionInDays } of transitions) {
    const days = numberOf(TransitionInDays) ?? 0;
    if (expires !== undefined && expires > 0 && days >= expires) {
      const problem = `objects go to ${textOf(StorageClass)} after ${days} days and are deleted after ${expires}`;
      findings.push(told('.Transitions', problem, 'let them go there before, or not at all'));
    } else if (/_IA$/.test(textOf(StorageClass)) && days < s3.minInfrequentAccessDays) {
      const problem = `${days} days until ${textOf(StorageClass)}, and S3 takes at least ${s3.minInfrequentAccessDays}`;
      findings.push(told('.Transitions', problem, `write at least ${s3.minInfrequentAccessDays}`));
    } else if (days < before) {
      findings.push(told('.Transitions', `${days} days come after ${before}`, 'order them by days'));
    }
    before = Math.max(before, days);
  }
  return findings;
}

function ofAccess(subject: Subject, { id, properties }: Resource): Finding[] {
  const block = mapOf(properties.PublicAccessBlockConfiguration);
  const open = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'].filter(
    (name) => textOf(block[name]) !== 'true',
  );
  if (open.length === 0) return [];
  return [
    warn(subject, id, 'PublicAccessBlockConfiguration', {
      problem: `${open.join(', ')} ${open.length === 1 ? 'is' : 'are'} not true: a policy or an ACL could make logs public`,
      remedy: 'write true for all four',
      source: `${docs}/userguide/access-control-block-public-access.html`,
    }),
  ];
}
