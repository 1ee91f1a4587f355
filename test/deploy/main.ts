import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { account, type Ministack, region, startMinistack } from './ministack.js';
import { pythonPrograms } from './python.js';
import { packageService, withoutUnknown } from './serverless.js';
import { deploysAndIsThere, refusesToGo, secondIsNoOp, takesOver } from './steps/deployed.js';
import { deployWithPolicies, suffices } from './steps/deployer.js';
import { doctorPasses, doctorTells } from './steps/doctor.js';
import { followALine } from './steps/line.js';
import { lint, scan } from './steps/linters.js';
import { startSlack } from './steps/slack.js';
import { upgrade } from './steps/upgrade.js';

/**
 * `npm run test:deploy`: the package is linted, and deployed to an AWS-compatible server on loopback. It needs Python 3, and PyPI
 * when test/deploy/requirements.txt is new to this machine. Everything it makes besides that environment is in a temporary
 * folder; FIRESPLIT_KEEP=1 leaves that there.
 */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Without a key nothing can be put back. */
const replayable = [`putBackKeys=${randomBytes(32).toString('hex')}`];

/** All that an account can ask for. */
const everything = [
  `kmsKey=arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  ...['tracing=Enabled', 'sourceBackup=Enabled', 'forward=Enabled', 'silenceLinks=Enabled', 'sns=Enabled'],
  ...['weeklyCost=Enabled', 'managedQueryResults=Enabled'],
  ...['forwardTypes=error', `snsTopics=arn:aws:sns:${region}:${account}:alerts`, 'rolePath=/logs/'],
  ...['subnets=subnet-0a1b2c3d,subnet-1a2b3c4d', 'securityGroups=sg-0a1b2c3d', 'bucket=logs-of-all'],
  `permissionsBoundary=arn:aws:iam::${account}:policy/boundary`,
  `insightsLayer=arn:aws:lambda:${region}:580247275435:layer:LambdaInsightsExtension-Arm64:20`,
];

const folder = await mkdtemp(join(tmpdir(), 'firesplit-deploy-'));
const started = Date.now();
try {
  const [usual, full] = [join(folder, 'usual'), join(folder, 'full')];
  const [programs, template] = await Promise.all([
    step('Python environment', () => pythonPrograms()),
    step('package with the defaults', () => packageService(usual, replayable)),
  ]);
  const left = await withoutUnknown(usual);
  const types = [...new Set(left.map((id) => template.Resources[id]?.Type))].join(', ');
  console.log(pc.dim(`  ministack does not know, and is not given: ${left.length} of ${types}`));
  const withPolicies = join(folder, 'with-policies');
  await cp(usual, withPolicies, { recursive: true });

  await sideBySide([
    async () => {
      await withServer(programs, 'server', (server) => deployAndRemove(server, usual));
    },
    async () => {
      const fullTemplate = await step('package with all that can be asked for', () => packageService(full, everything));
      await step('cfn-lint', () => lint(programs, folder, { usual: template, full: fullTemplate }));
      await step('Checkov', () => scan(programs, folder, fullTemplate));
      await step('policies of the deployer', () => suffices(programs, template, usual));
      await withServer(programs, 'upgraded', (server) =>
        step('update from 0.1.0 replaces nothing that holds data', () => upgrade(programs, server, folder)),
      );
      await withServer(
        programs,
        'strict',
        (server) =>
          step('a deployer with the policies of the package deploys, and without is refused', () =>
            deployWithPolicies(server, withPolicies),
          ),
        true,
      );
    },
  ]);
  console.log(pc.green(`✓ all of it, in ${seconds(started)}`));
} catch (error) {
  console.log(pc.red(`✗ ${error instanceof Error ? error.message : error}`));
  process.exitCode = 1;
} finally {
  if (process.env.FIRESPLIT_KEEP) console.log(`kept: ${folder}`);
  else await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}

async function deployAndRemove(server: Ministack, packaged: string): Promise<void> {
  await step('deploy to an empty account', () => deploysAndIsThere(server, packaged));
  await step('deploy again: no change', () => secondIsNoOp(server, packaged));
  const slack = await startSlack(server);
  try {
    await step('a line from stream to Slack', () => followALine(server, slack));
    const query = join(folder, 'query');
    await step('doctor --aws: all is well', () => doctorPasses(server, slack, query));
    await step('remove: refused, then only what is documented is left', () => refusesToGo(server, folder));
    await step('deploy takes over what was left', () => takesOver(server, packaged));
    await step('doctor --aws: what was broken', () => doctorTells(server, slack));
  } finally {
    slack.stop();
  }
}

/** A server in an account of its own, which starts empty. */
async function withServer(
  programs: string,
  name: string,
  work: (server: Ministack) => Promise<void>,
  holdsToPolicies = false,
): Promise<void> {
  const home = join(folder, name);
  await mkdir(home);
  const server = await startMinistack(programs, home, holdsToPolicies);
  try {
    await work(server);
  } finally {
    await server.stop();
  }
}

/** All of them end, whatever becomes of the others. @throws Error with what any of them threw */
async function sideBySide(lanes: readonly (() => Promise<void>)[]): Promise<void> {
  const results = await Promise.allSettled(lanes.map((lane) => lane()));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) throw new Error(failures.map((each) => each.message ?? each).join('\n'));
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  try {
    const result = await work();
    console.log(`${pc.green('✓')} ${name} ${pc.dim(seconds(begun))}`);
    return result;
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`;
}
