import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../../shared/config/config.js';
import { parseConfig } from '../../../shared/config/load.js';
import { unknownMetricRules } from '../../../shared/config/metricRules.js';
import { effectiveParameters, parameterProblems } from '../../../shared/deploy/parameters.js';
import { hashesValues } from '../../../shared/redact/rule.js';
import { parseRules, readRuleFiles } from '../../../shared/rules/language/loadRules.js';
import type { Rule } from '../../../shared/rules/language/rule.js';
import { counted } from '../../../shared/text/wording.js';
import { type Problem, parseSource } from '../../../shared/yaml/source.js';
import { Infra } from '../../infra/infra.js';
import type { Examination, Finding } from '../finding.js';
import { examineRoutes } from './routes.js';
import { readSources, type Sources, sourcesFile } from './sources.js';

/** What is looked at: the files of a project, and what a stage makes of them. */
export interface Project {
  /** The folder of serverless.yml. */
  readonly root: string;
  readonly stage: string;
  /** infra/firesplit.yml, or another file of its kind. */
  readonly config: string;
  /** Folder of rule files. */
  readonly rules: string;
}

/** What the files say, as far as they can be read. */
export interface ReadProject {
  readonly config: Config;
  readonly rules: readonly Rule[];
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Where serverless.yml and its files declare things; undefined when they can't be read. */
  readonly infra: Infra | undefined;
}

/** Configuration, rules, parameters and build of a project. */
export async function examineProject(
  project: Project,
): Promise<{ readonly read: ReadProject; readonly examinations: Examination[] }> {
  const configText = await readFile(project.config, 'utf8').catch(() => undefined);
  const { config, problems } =
    configText === undefined
      ? { config: {}, problems: [unreadable(project.config)] }
      : await parseConfig({ path: project.config, text: configText });
  const files = await readRuleFiles(project.rules).catch(() => undefined);
  const { rules, problems: ruleProblems } =
    files === undefined ? { rules: [], problems: [unreadable(project.rules)] } : await parseRules(files, config.alerts);
  // Of rules that can't be read nobody knows the names.
  const unknown =
    configText === undefined || ruleProblems.length > 0
      ? []
      : unknownMetricRules({ path: project.config, text: configText }, rules);
  const parameters = await readParameters(project);
  const infra = await readInfra(project);
  return {
    read: { config, rules, parameters: parameters.effective, infra: infra.infra },
    examinations: [
      {
        name: 'configuration',
        about: `${project.config} has no problems`,
        findings: [...problems, ...unknown].map(placed),
      },
      {
        name: 'rules',
        about: `${counted(rules.length, 'rule')} without a problem`,
        findings: ruleProblems.map(placed),
      },
      examineRoutes(config, rules, project),
      { name: 'parameters', about: `those of stage ${project.stage} fit together`, findings: parameters.findings },
      { name: 'templates', about: 'serverless.yml and the files of infra/ can be read', findings: infra.findings },
      await build(project, infra.infra),
    ],
  };
}

function unreadable(path: string): Problem {
  return { path, line: 1, column: 1, message: "can't be read; name another one, or put it there" };
}

/** Messages of configuration and rules say themselves what to write. */
function placed({ path, line, column, message }: Problem): Finding {
  return {
    result: 'fail',
    place: `${path}:${line}:${column}`,
    problem: message,
    remedy: 'mend it and run npm run build',
  };
}

async function readParameters({ root, stage }: Project) {
  const path = 'infra/parameters.yml';
  const text = await readFile(join(root, path), 'utf8').catch(() => undefined);
  if (text === undefined) {
    const problem = unreadable(path);
    return { effective: {}, findings: [placed(problem)] };
  }
  const problems = parameterProblems({ path, text }, { stage, overrides: {} });
  const source = parseSource({ path, text });
  const effective = source.problems ? {} : effectiveParameters({ stage, overrides: {}, resolved: source.value });
  const findings = problems.map((problem): Finding => {
    const [start = path, ...rest] = problem.split(' ');
    const place = start.replace(/:$/, '');
    const remedy = place === '--stage' ? 'name another stage' : 'mend it in infra/parameters.yml';
    return { result: 'fail', place, problem: rest.join(' '), remedy };
  });
  return { effective, findings };
}

async function readInfra({ root, stage }: Project): Promise<{ infra?: Infra; findings: Finding[] }> {
  const account = { region: 'us-east-1', id: '123456789012', stage, queueUrl: (name: string) => name };
  try {
    return { infra: await Infra.load(root, account), findings: [] };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, place = 'serverless.yml', problem = message] = message.match(/^(\S+:\d+): (.*)$/s) ?? [];
    return { findings: [{ result: 'fail', place, problem, remedy: 'mend the file' }] };
  }
}

/** What `npm run build` makes, and whether it is made of what lies here now. */
async function build({ root }: Project, infra: Infra | undefined): Promise<Examination> {
  const about = 'dist/ is made of what lies here';
  const bundles = infra?.functionNames.map((name) => `dist/functions/${name}.mjs`) ?? [];
  const missing = [...bundles, 'dist/deploy/parameters.json', sourcesFile].filter(
    (file) => !existsSync(join(root, file)),
  );
  const told = (place: string, problem: string): Finding => ({
    result: 'fail',
    place,
    problem,
    remedy: 'run npm run build',
  });
  if (missing.length > 0) {
    return { name: 'build', about, findings: missing.map((file) => told(file, 'it is not there')) };
  }
  const built = JSON.parse(await readFile(join(root, sourcesFile), 'utf8')) as Sources;
  const now = await readSources(root);
  const changed = Object.keys(now).filter((part) => built[part] !== now[part]);
  const findings = changed.map((part) =>
    told(part, 'it has changed since the build, and a deployment would send what was before'),
  );
  return { name: 'build', about, findings };
}

/** Values that are to be hashed, and nothing to hash them with. */
export function examineRedaction({ config, parameters }: ReadProject, deployedKey: unknown): Examination {
  const name = 'redaction';
  if (!hashesValues(config.redact)) return { name, about: 'nothing is hashed', findings: [] };
  // What the template has is what `--param` said; without one, what the file says.
  const key = deployedKey ?? parameters.redactHashKey;
  if (key) return { name, about: 'what is hashed has a key', findings: [] };
  const finding: Finding = {
    result: 'warn',
    place: 'infra/parameters.yml redactHashKey',
    problem:
      'rules of redact hash, and there is no key: they replace instead, and equal values are no longer seen as equal',
    remedy: 'deploy with --param="redactHashKey=$(openssl rand -hex 32)", the same at every deployment',
    source: 'docs/redaction.md',
  };
  return { name, about: '', findings: [finding] };
}
