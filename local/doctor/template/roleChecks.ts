import { iam } from '../../../shared/limits.js';
import type { Properties } from '../../firehose/stream/streamConfig.js';
import type { Finding } from '../finding.js';
import { policiesOf, policyLength } from './statements.js';
import { type Checks, fail, mapOf, ofType, type Resource, type Subject, someOf, warn } from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';
const quotas = `${docs}/reference_iam-quotas.html`;
const grammar = `${docs}/reference_policies_grammar.html`;

/** Roles and policies: their size, and whether IAM understands them. */
export const roleChecks: Checks = (subject) => [
  ...ofType(subject, 'AWS::IAM::Role').flatMap((role) => [
    ...ofSize(subject, role),
    ...ofTrust(subject, role),
    ...policiesOf(subject, role).flatMap(({ id, way, document }) => ofDocument(subject, id, way, document)),
  ]),
  ...ofType(subject, 'AWS::IAM::ManagedPolicy').flatMap(({ id, properties }) => {
    const document = mapOf(properties.PolicyDocument);
    const length = policyLength(document);
    return [
      ...ofDocument(subject, id, 'PolicyDocument', document),
      ...(length > iam.maxManagedCharacters
        ? [tooLong(subject, id, 'PolicyDocument', length, iam.maxManagedCharacters)]
        : []),
    ];
  }),
  ...['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'].flatMap((type) =>
    ofType(subject, type).flatMap(({ id, properties }) =>
      ofDocument(subject, id, 'PolicyDocument', mapOf(properties.PolicyDocument), true),
    ),
  ),
];

function ofSize(subject: Subject, role: Resource): Finding[] {
  const inline = policiesOf(subject, role).reduce((sum, { document }) => sum + policyLength(document), 0);
  const trust = policyLength(mapOf(role.properties.AssumeRolePolicyDocument));
  return [
    ...(inline > iam.maxInlineCharacters
      ? [tooLong(subject, role.id, 'Policies', inline, iam.maxInlineCharacters)]
      : []),
    ...(trust > iam.maxTrustCharacters
      ? [tooLong(subject, role.id, 'AssumeRolePolicyDocument', trust, iam.maxTrustCharacters)]
      : []),
  ];
}

function tooLong(subject: Subject, id: string, way: string, length: number, most: number): Finding {
  return fail(subject, id, way, {
    problem: `${length} characters without white space, and IAM takes ${most} of them together`,
    remedy:
      'put resources that differ in their last part under one wildcard, or a part into an AWS::IAM::ManagedPolicy',
    source: quotas,
  });
}

function ofTrust(subject: Subject, { id, properties }: Resource): Finding[] {
  const statements = someOf(mapOf(properties.AssumeRolePolicyDocument).Statement).map(mapOf);
  const isTrusting = statements.some(({ Effect, Principal }) => Effect === 'Allow' && Principal !== undefined);
  if (isTrusting) return [];
  return [
    fail(subject, id, 'AssumeRolePolicyDocument', {
      problem: 'no statement allows a principal to take it on',
      remedy: 'write Principal: { Service: lambda.amazonaws.com } and Action: sts:AssumeRole',
      source: grammar,
    }),
  ];
}

function ofDocument(subject: Subject, id: string, way: string, document: Properties, hasPrincipal = false): Finding[] {
  const told = (where: string, problem: string, remedy: string) =>
    fail(subject, id, `${way}${where}`, { problem, remedy, source: grammar });
  const statements = someOf(document.Statement).map(mapOf);
  const sids = statements.flatMap(({ Sid }) => (typeof Sid === 'string' ? [Sid] : []));
  const findings: Finding[] = [];
  if (statements.length === 0) findings.push(told('', 'it has no Statement', 'write one'));
  const twice = sids.find((sid, index) => sids.indexOf(sid) < index);
  if (twice !== undefined) findings.push(told('', `two statements have the Sid ${twice}`, 'rename one of them'));
  for (const [index, statement] of statements.entries()) {
    const where = `.Statement[${index}]`;
    const { Effect, Action, NotAction, Resource: resource, NotResource, Principal, NotPrincipal } = statement;
    if (Effect !== 'Allow' && Effect !== 'Deny') {
      findings.push(told(`${where}.Effect`, `${JSON.stringify(Effect ?? null)} is none`, 'write Allow or Deny'));
    }
    const actions = someOf(Action ?? NotAction).map(textOf);
    const strange = actions.find((action) => action !== '*' && !/^[a-z0-9-]+:[\w*?]+$/i.test(action));
    if (actions.length === 0) findings.push(told(where, 'it has no Action', 'write one, as s3:GetObject'));
    else if (strange !== undefined) {
      findings.push(told(`${where}.Action`, `${strange} is no action`, 'write SERVICE:ACTION, as s3:GetObject'));
    }
    const resources = someOf(resource ?? NotResource).map(textOf);
    const noArn = resources.find((each) => each !== '*' && !each.startsWith('arn:') && !each.includes('${'));
    if (resources.length === 0) findings.push(told(where, 'it has no Resource', 'write the ARN of one'));
    else if (noArn !== undefined) {
      findings.push(told(`${where}.Resource`, `${JSON.stringify(noArn)} is no ARN`, 'write !GetAtt NAME.Arn'));
    }
    if (hasPrincipal && Principal === undefined && NotPrincipal === undefined) {
      findings.push(told(where, 'the policy of a resource says whom it is about', 'write Principal'));
    }
    if (Effect === 'Allow' && actions.includes('*') && resources.includes('*')) {
      findings.push(
        warn(subject, id, `${way}${where}`, {
          problem: 'it allows everything on everything',
          remedy: 'name the actions and the resources',
          source: `${docs}/best-practices.html#grant-least-privilege`,
        }),
      );
    }
  }
  return findings;
}
