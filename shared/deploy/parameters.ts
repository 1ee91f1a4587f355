import parametersSchema from '../../infra/parameters.schema.json' with { type: 'json' };
import { compileShape } from '../yaml/jsonSchema.js';
import { type PlacedProblem, parseSource, type SourceFile } from '../yaml/source.js';
import { stageMistake } from './names.js';

/** infra/parameters.yml: sections by stage, `default` among them. */
type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What `serverless` is asked to package or deploy. */
export interface Deployment {
  readonly stage: string;
  /** Of AWS, when it is known. */
  readonly region?: string;
  /** What `--param` says, by key. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The sections with the variables of the framework replaced; without them as they stand in the file. */
  readonly resolved?: unknown;
}

/**
 * What is wrong with the parameters of a deployment, and what to write instead: of the whole file, of what `--param` says, and
 * of what both come to for the stage. Each is one line that says where: `infra/parameters.yml:9:18`, `--param` or `--stage`.
 */
export function parameterProblems(file: SourceFile, deployment: Deployment): string[] {
  const { stage, overrides } = deployment;
  const stageProblem = stageMistake(stage);
  const problems = stageProblem === undefined ? [] : [`--stage: ${stageProblem}`];
  const source = parseSource(file);
  const placed = ({ path, line, column, message }: ReturnType<typeof source.place>) =>
    `${path}:${line}:${column} ${message}`;
  if (source.problems) return [...problems, ...source.problems.map(placed)];

  const content = withNumbers(deployment.resolved ?? source.value);
  const given = numbersIn(overrides);
  const shape = checkShape(content);
  const shapeOfGiven = checkShape({ default: given }).map(
    ({ path, message }) => `--param="${path.at(-1)}=…": ${message}`,
  );
  if (shape.length + shapeOfGiven.length > 0) {
    return [...problems, ...shape.map(source.place).map(placed), ...shapeOfGiven];
  }

  const sections = content as Sections;
  const place = (key: string, message: string) => {
    if (key in overrides) return `--param="${key}=…": ${message}`;
    const section = key in (sections[stage] ?? {}) ? stage : 'default';
    return placed(source.place({ path: [section, key], message }));
  };
  const found = [
    ...missing(effectiveParameters({ stage, overrides, resolved: source.value })),
    ...contradictions(effectiveParameters({ stage, overrides, resolved: sections }), deployment.region),
  ];
  const sectionsOfNoStage = Object.keys(sections).flatMap((name): PlacedProblem[] => {
    const mistake = name === 'default' ? undefined : stageMistake(name);
    return mistake === undefined ? [] : [{ path: [name], on: 'key', message: mistake }];
  });
  return [
    ...problems,
    ...sectionsOfNoStage.map(source.place).map(placed),
    ...found.map(({ key, message }) => place(key, message)),
  ];
}

/** What a deployment has: what `--param` says over the section of its stage, and that over `default`. */
export function effectiveParameters({ stage, overrides, resolved }: Deployment): Readonly<Record<string, unknown>> {
  const sections = (resolved ?? {}) as Sections;
  return { ...sections.default, ...sections[stage], ...numbersIn(overrides) };
}

interface Contradiction {
  readonly key: string;
  readonly message: string;
}

/** What the file does not say; what it resolves to has a substitute for each of them. */
function missing(stated: Readonly<Record<string, unknown>>): Contradiction[] {
  return Object.keys(known)
    .filter((key) => (stated[key] ?? undefined) === undefined)
    .map((key) => ({
      key,
      message: `"default" has no ${key}; add it, as infra/parameters.yml of this version has it`,
    }));
}

/** What is right by itself, and not beside what else the stage has. */
function contradictions(parameters: Readonly<Record<string, unknown>>, region: string | undefined): Contradiction[] {
  return [...retention(parameters), ...hearers(parameters), ...network(parameters), ...elsewhere(parameters, region)];
}

function retention({ landedDays, retentionDays }: Readonly<Record<string, unknown>>): Contradiction[] {
  if (!(Number(retentionDays) < Number(landedDays))) return [];
  const message = `retentionDays is ${retentionDays} and landedDays ${landedDays}: lines would be gone from their tables before the objects they came in; write at least ${landedDays}, or fewer landedDays`;
  return [{ key: 'retentionDays', message }];
}

function hearers({ alarmEmail, alarmTopic }: Readonly<Record<string, unknown>>): Contradiction[] {
  if (!alarmEmail || !alarmTopic) return [];
  const message =
    'there is an alarmTopic as well, and a topic of your own is not subscribed to; subscribe the address to it, or leave one of both empty';
  return [{ key: 'alarmEmail', message }];
}

function network({ subnets, securityGroups }: Readonly<Record<string, unknown>>): Contradiction[] {
  if ((subnets === '') === (securityGroups === '')) return [];
  const [given, missing] = subnets === '' ? ['securityGroups', 'subnets'] : ['subnets', 'securityGroups'];
  return [{ key: missing, message: `${missing} is empty and ${given} is not; a VPC takes both, or neither` }];
}

/** ARNs of another region than the deployment's, which AWS refuses one by one when half of the stack is there. */
function elsewhere(parameters: Readonly<Record<string, unknown>>, region: string | undefined): Contradiction[] {
  return ['kmsKey', 'insightsLayer'].flatMap((key) => {
    const own = String(parameters[key] ?? '').split(':')[3];
    if (region === undefined || own === undefined || own === region) return [];
    return [{ key, message: `${key} is in ${own}, and the deployment in ${region}; name one of ${region}` }];
  });
}

const known: Readonly<Record<string, { readonly type?: string; readonly description: string }>> =
  parametersSchema.definitions.parameters.properties;

/** Texts that are numbers, where numbers are asked for: `--param` and `${env:…}` give nothing but texts. */
function numbersIn(section: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(section).map(([key, value]) => {
      const isNumber = ['integer', 'number'].includes(known[key]?.type ?? '');
      return [key, isNumber && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value];
    }),
  );
}

function withNumbers(sections: unknown): unknown {
  if (typeof sections !== 'object' || sections === null || Array.isArray(sections)) return sections;
  return Object.fromEntries(
    Object.entries(sections).map(([name, section]) => [
      name,
      typeof section === 'object' && section !== null && !Array.isArray(section) ? numbersIn(section) : section,
    ]),
  );
}

const checkShape = compileShape(parametersSchema, {
  name: (path) => (path.length === 0 ? undefined : path.length === 1 ? `the section ${path[0]}` : String(path.at(-1))),
  keyNoun: () => 'parameter',
  alsoAllowed: () => '',
  patternAdvice: (path) => advice[String(path.at(-1))] ?? 'write it as infra/parameters.yml shows it',
});

/** How to write a value that does not fit its pattern. */
const advice: Readonly<Record<string, string>> = {
  stream: 'write up to 64 letters, digits, dots, hyphens and underscores',
  alarmEmail: 'write one address, for example oncall@example.com',
  alarmTopic: 'write the ARN of a topic, for example arn:aws:sns:eu-west-1:111122223333:oncall',
  bucket: 'write 3 to 63 lower-case letters, digits and hyphens, a letter or a digit at both ends',
  kmsKey: 'write the ARN of a key, such as arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  rolePath: 'write / or a path with a slash at both ends, such as /firesplit/',
  permissionsBoundary: 'write the ARN of a policy, such as arn:aws:iam::111122223333:policy/boundary',
  insightsLayer: 'write the ARN of the layer LambdaInsightsExtension-Arm64 with its version',
  subnets: 'write ids with commas and no spaces, such as subnet-0a1b,subnet-0c2d',
  securityGroups: 'write ids with commas and no spaces, such as sg-0a1b',
};
