import { lambda } from '../../../shared/limits.js';
import type { Finding } from '../finding.js';
import { type Checks, fail, mapOf, ofType, type Resource, type Subject, toldText, warn } from './subject.js';
import { textOf } from './template.js';

const docs = 'https://docs.aws.amazon.com/lambda/latest/dg';

/** Names that Lambda sets itself: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reserved = new Set(
  [
    '_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME',
    'AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME',
    'AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API',
    'LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR',
  ].flatMap((line) => line.split(' ')),
);

/** Functions: runtime, environment, and who may call those with a URL. Their zips are looked at with the package. */
export const functionChecks: Checks = (subject) => [
  ...ofType(subject, 'AWS::Lambda::Function').flatMap((lambdaFunction) => [
    ...badRuntime(subject, lambdaFunction),
    ...badEnvironment(subject, lambdaFunction),
  ]),
  ...ofType(subject, 'AWS::Lambda::Url').flatMap((url) => unreachable(subject, url)),
];

function badRuntime(subject: Subject, { id, properties }: Resource): Finding[] {
  const runtime = toldText(properties.Runtime);
  const source = `${docs}/lambda-runtimes.html`;
  const known: readonly string[] = lambda.nodeRuntimes;
  const remedy = `write ${known.at(-1)}, which this version is tested on`;
  if (properties.PackageType === 'Image') return [];
  if (runtime !== undefined && known.includes(runtime)) return [];
  const version = runtime?.match(/^nodejs(\d+)\.x$/)?.[1];
  const problem =
    version === undefined
      ? `${runtime ?? 'there is none'}, and the bundles are for Node.js`
      : `${runtime} is not among the runtimes that this version knows: ${known.join(', ')}`;
  // A runtime that is newer than this file may well be there.
  const isNewer = Number(version) > Number(known.at(-1)?.match(/\d+/)?.[0]);
  return [(isNewer ? warn : fail)(subject, id, 'Runtime', { problem, remedy, source })];
}

function badEnvironment(subject: Subject, { id, properties }: Resource): Finding[] {
  const variables = mapOf(mapOf(properties.Environment).Variables);
  const bytes = Object.entries(variables).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(textOf(value)),
    0,
  );
  const source = `${docs}/configuration-envvars.html`;
  const way = 'Environment.Variables';
  return [
    ...Object.keys(variables)
      .filter((name) => reserved.has(name) || !/^[a-zA-Z]\w+$/.test(name))
      .map((name) =>
        fail(subject, id, `${way}.${name}`, {
          problem: reserved.has(name) ? 'Lambda sets it itself and refuses another' : 'no name for a variable',
          remedy: 'give it another name: a letter, then letters, digits and _',
          source,
        }),
      ),
    ...(bytes > lambda.maxEnvironmentBytes
      ? [
          fail(subject, id, way, {
            problem: `${bytes} bytes of names and values, and Lambda takes ${lambda.maxEnvironmentBytes}`,
            remedy: 'shorten them; what is long belongs into the bundle or into SSM',
            source,
          }),
        ]
      : []),
  ];
}

/** A function URL that anybody may ask takes two permissions since October 2025. */
function unreachable(subject: Subject, { id, properties }: Resource): Finding[] {
  if (properties.AuthType !== 'NONE') return [];
  const granted = ofType(subject, 'AWS::Lambda::Permission')
    .filter((permission) => permission.properties.FunctionName === properties.TargetFunctionArn)
    .map((permission) => permission.properties.Action);
  return ['lambda:InvokeFunctionUrl', 'lambda:InvokeFunction']
    .filter((action) => !granted.includes(action))
    .map((action) =>
      fail(subject, id, 'AuthType', {
        problem: `nobody has ${action}, and the URL answers 403 without it`,
        remedy: `add an AWS::Lambda::Permission with ${action} and Principal "*"`,
        source: `${docs}/urls-auth.html`,
      }),
    );
}
