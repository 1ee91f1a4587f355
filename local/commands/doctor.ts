import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { operationsRoute } from '../../shared/alerts/routing.js';
import { DeployedInAws } from '../doctor/deployed/aws.js';
import { examineDeployed } from '../doctor/deployed/index.js';
import { type Examination, resultOf } from '../doctor/finding.js';
import { examineAge, examinePackage } from '../doctor/project/package.js';
import { examineProject, examineRedaction, type ReadProject } from '../doctor/project/project.js';
import { countsOf, renderExaminations } from '../doctor/render.js';
import { examineTemplate } from '../doctor/template/index.js';
import { mapOf, type Subject, subjectOf } from '../doctor/template/subject.js';
import { packagedTemplate, parseTemplate } from '../doctor/template/template.js';
import { projectRoot } from '../infra/project.js';
import { configOption, rulesOption } from './options.js';

/** `firesplit doctor`: what AWS would refuse of a deployment, and what of it will hurt. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'say what AWS would refuse of a deployment and what will hurt; exits with 1 when anything has to be mended',
    )
    .option('--template <file>', `a packaged template (default: ${packagedTemplate}, when it is there)`)
    .option('--stage <name>', 'the stage that is deployed', 'prod')
    .option(
      '--region <name>',
      'the region that names are made for, and with --aws the one that is asked',
      process.env.AWS_REGION || 'us-east-1',
    )
    .option('--aws', 'look at the deployed stage as well, and send a line through it')
    .addOption(
      new Option(
        '--route [name]',
        'with --aws: post a test message by way of this route, or without a name by that of operations',
      ).implies({ aws: true }),
    )
    .addOption(configOption())
    .addOption(rulesOption())
    .option(
      '--json',
      'print {"examinations": [{name, about, result, findings: [{result, place, problem, remedy, source}]}], "passed": N, "failed": N, "warned": N, "unknown": N}',
    )
    .action(doctor);
}

interface DoctorOptions {
  readonly template?: string;
  readonly stage: string;
  readonly region: string;
  readonly aws?: boolean;
  readonly route?: string | true;
  readonly config: string;
  readonly rules: string;
  readonly json?: boolean;
}

async function doctor(options: DoctorOptions, command: Command): Promise<void> {
  const root = existsSync('serverless.yml') ? '.' : projectRoot();
  const { read, examinations } = await examineProject({ root, ...options });
  const found = [...examinations, ...(await examinePackaged(root, options, read))];
  if (options.aws) {
    // Without the flag the region is that of the environment or the profile, as everywhere.
    const isStated = command.getOptionValueSource('region') === 'cli' && options.region !== '';
    const deployed = new DeployedInAws(options.stage, isStated ? { region: options.region } : {});
    try {
      const route = options.route === true ? operationsRoute(read.config.alerts) : options.route;
      found.push(...(await examineDeployed(deployed, options.stage, read, route)));
    } finally {
      deployed.close();
    }
  }
  if (options.json) {
    const listed = found.map((examination) => ({ ...examination, result: resultOf(examination) }));
    console.log(JSON.stringify({ examinations: listed, ...countsOf(found) }));
  } else {
    console.log(renderExaminations(found));
  }
  if (countsOf(found).failed > 0) process.exitCode = 1;
}

async function examinePackaged(root: string, options: DoctorOptions, read: ReadProject): Promise<Examination[]> {
  const path = options.template ?? join(root, packagedTemplate);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) {
    if (options.template !== undefined)
      throw new Error(`${path} can't be read; name a template that serverless has packaged`);
    return [
      examineRedaction(read, undefined),
      { name: 'template', about: '', findings: [{ ...withoutTemplate, place: path }] },
    ];
  }
  const { stage, region } = options;
  const subject = subjectOf({
    template: parseTemplate(path, text),
    bytes: Buffer.byteLength(text),
    account: { id: '123456789012', region, stage },
    declaredAt: (id) => read.infra?.declaredAt(id),
  });
  return [
    examineRedaction(read, hashKeyIn(subject)),
    await examineAge(subject, path, { root, stage }),
    ...examineTemplate(subject),
    await examinePackage(subject, path),
  ];
}

const withoutTemplate = {
  result: 'unknown',
  problem: 'there is no packaged template, so nothing of what AWS is asked for was looked at',
  remedy: 'run npx serverless package --stage STAGE (it needs no credentials), or name one with --template',
} as const;

function hashKeyIn({ resources }: Subject): unknown {
  const transform = resources.find(({ id }) => id === 'TransformLambdaFunction');
  return transform && mapOf(mapOf(transform.properties.Environment).Variables).REDACT_HASH_KEY;
}
