import { nearestWord } from '../../../shared/yaml/nearest.js';
import type { Finding } from '../finding.js';
import { type Reference, references, referencesIn } from './references.js';
import { type Checks, fail, type Subject } from './subject.js';
import { isMap, textOf } from './template.js';

const pseudoParameters = [
  'AccountId',
  'NoValue',
  'NotificationARNs',
  'Partition',
  'Region',
  'StackId',
  'StackName',
  'URLSuffix',
];
const source =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html';

/** What Fn::GetAtt can ask for, of the types that the project has: "Return values" of each in the template reference. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['Arn'],
  'AWS::DynamoDB::Table': ['Arn', 'StreamArn'],
  'AWS::Events::Rule': ['Arn'],
  'AWS::IAM::ManagedPolicy': [
    'AttachmentCount',
    'CreateDate',
    'DefaultVersionId',
    'IsAttachable',
    'PermissionsBoundaryUsageCount',
    'PolicyArn',
    'PolicyId',
    'UpdateDate',
  ],
  'AWS::IAM::Role': ['Arn', 'RoleId'],
  'AWS::KinesisFirehose::DeliveryStream': ['Arn'],
  'AWS::Lambda::Function': [
    'Arn',
    'SnapStartResponse',
    'SnapStartResponse.ApplyOn',
    'SnapStartResponse.OptimizationStatus',
  ],
  'AWS::Lambda::Url': ['FunctionArn', 'FunctionUrl'],
  'AWS::Logs::LogGroup': ['Arn'],
  'AWS::S3::Bucket': [
    'Arn',
    'DomainName',
    'DualStackDomainName',
    'MetadataConfiguration.Destination',
    'RegionalDomainName',
    'WebsiteURL',
  ],
  'AWS::SNS::Topic': ['TopicArn', 'TopicName'],
  'AWS::SQS::Queue': ['Arn', 'QueueName', 'QueueUrl'],
};

/** What refers to nothing, to what isn't made, or in a circle. */
export const referenceChecks: Checks = (subject) => {
  const { template } = subject;
  const outputs = Object.entries(template.Outputs ?? {}).flatMap(([name, output]) =>
    referencesIn(isMap(output) ? output.Value : output, `Outputs.${name}`),
  );
  const all = references(template);
  return [
    ...[...all, ...outputs].flatMap((reference) => dangling(subject, reference)),
    ...inUse(subject, all).flatMap((reference) => leftOut(subject, reference)),
    ...unknownConditions(subject),
    ...circle(subject, all),
  ];
};

function dangling(subject: Subject, { from, to, attribute }: Reference): Finding[] {
  const { Resources, Parameters = {} } = subject.template;
  if (to.startsWith('AWS::')) {
    if (pseudoParameters.includes(to.slice(5))) return [];
    const remedy = nearest(
      to,
      pseudoParameters.map((name) => `AWS::${name}`),
    );
    return [tell(subject, from, `there is no pseudo parameter ${to}`, remedy)];
  }
  const declared = Resources[to];
  if (declared === undefined) {
    if (to in Parameters && attribute === undefined) return [];
    return [tell(subject, from, `it names ${to}, and there is no such resource`, nearest(to, Object.keys(Resources)))];
  }
  const known = attributes[declared.Type];
  if (attribute === undefined || attribute === '' || known === undefined || known.includes(attribute)) return [];
  const has = `${to} is an ${declared.Type} and has no ${attribute}`;
  return [tell(subject, from, has, `ask for one of ${known.join(', ')}`)];
}

/** References of what is made, from the branches of Fn::If that are chosen. DependsOn may name what is left out. */
function inUse({ template, evaluation }: Subject, all: readonly Reference[]): readonly Reference[] {
  const made = Object.keys(template.Resources).filter((id) => evaluation.exists(id));
  const chosen = made.flatMap((id) => referencesIn(branches(template.Resources[id]?.Properties), `${id}.Properties`));
  return all.length === 0 ? [] : chosen;

  function branches(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(branches);
    if (!isMap(value)) return value;
    const choice = value['Fn::If'];
    if (Array.isArray(choice)) return branches(evaluation.holds(textOf(choice[0])) ? choice[1] : choice[2]);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, branches(inner)]));
  }
}

function leftOut(subject: Subject, { from, to }: Reference): Finding[] {
  const condition = subject.template.Resources[to]?.Condition;
  if (condition === undefined || subject.evaluation.exists(to)) return [];
  const problem = `it names ${to}, which is not made: its condition ${condition} does not hold`;
  return [tell(subject, from, problem, `write !If [${condition}, …, !Ref AWS::NoValue], or give both the condition`)];
}

function unknownConditions(subject: Subject): Finding[] {
  const { Conditions = {}, Resources } = subject.template;
  const known = Object.keys(Conditions);
  return Object.entries(Resources).flatMap(([id, { Condition, Properties }]) =>
    [...(Condition === undefined ? [] : [textOf(Condition)]), ...conditionsIn(Properties)]
      .filter((name) => !known.includes(name))
      .map((name) => tell(subject, `${id}.Condition`, `there is no condition ${name}`, nearest(name, known))),
  );
}

function conditionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(conditionsIn);
  if (!isMap(value)) return [];
  const choice = value['Fn::If'];
  return [...(Array.isArray(choice) ? [textOf(choice[0])] : []), ...Object.values(value).flatMap(conditionsIn)];
}

/** The first circle of resources that each wait for the next. */
function circle(subject: Subject, all: readonly Reference[]): Finding[] {
  const { Resources } = subject.template;
  const next = new Map<string, Set<string>>();
  for (const { from, to } of all) {
    const [owner = ''] = from.split('.');
    if (to in Resources) next.set(owner, (next.get(owner) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  const found = Object.keys(Resources)
    .map((id) => walk(id, []))
    .find((way) => way !== undefined);
  if (found === undefined) return [];
  const [start = '', second = ''] = found;
  const problem = `${found.join(' → ')}: each is made only when the next one is there`;
  const remedy = `name ${second} by its text (!Sub with the name or ARN) in ${start}, or take out a DependsOn`;
  return [tell(subject, start, problem, remedy)];

  function walk(id: string, way: readonly string[]): readonly string[] | undefined {
    const before = way.indexOf(id);
    if (before >= 0) return [...way.slice(before), id];
    if (done.has(id)) return undefined;
    for (const other of next.get(id) ?? []) {
      const found = walk(other, [...way, id]);
      if (found) return found;
    }
    done.add(id);
    return undefined;
  }
}

function tell(subject: Subject, from: string, problem: string, remedy: string): Finding {
  const [id = '', ...way] = from.split('.');
  return fail(subject, id, way.filter((step) => step !== 'Properties').join('.'), { problem, remedy, source });
}

function nearest(name: string, known: readonly string[]): string {
  const word = nearestWord(name, known);
  return word === undefined ? 'declare it, or take the reference out' : `did you mean ${word}?`;
}
