import { randomBytes } from 'node:crypto';
import type { Examination } from '../finding.js';
import type { ReadProject } from '../project/project.js';
import { secretsOf } from '../project/secrets.js';
import { examinePolicies, examineRoles, roleUsers } from './accessChecks.js';
import { sendCanary } from './canary.js';
import { examineParameters, examineProtection } from './deploymentChecks.js';
import { CannotAsk } from './look.js';
import { sendByRoute } from './routeHop.js';
import { examineSecrets, examineWebhooks } from './secretChecks.js';
import { type DeclaredFunction, examineFunctions, examineStack, examineStream, examineTable } from './stackChecks.js';
import type { DeployedStage } from './stage.js';
import { examineBoundary, examineQueues, examineRinging } from './troubleChecks.js';

/**
 * A deployed stage: its parts, what is wrong with them now, and a line that goes all the way to Athena. When AWS can't be asked,
 * or not any more, that is the last finding.
 *
 * @param read what the project's files say of the stage
 * @param route that a message is posted by
 */
export async function examineDeployed(
  deployed: DeployedStage,
  stage: string,
  read: ReadProject,
  route?: string,
): Promise<Examination[]> {
  const found: Examination[] = [];
  try {
    for await (const examination of examinations(deployed, stage, read, route)) found.push(examination);
  } catch (error) {
    if (!(error instanceof CannotAsk)) throw error;
    const { problem, remedy } = error;
    found.push({ name: 'aws', about: '', findings: [{ result: 'fail', place: `stage ${stage}`, problem, remedy }] });
  }
  return found;
}

/** @throws CannotAsk */
async function* examinations(
  deployed: DeployedStage,
  stage: string,
  read: ReadProject,
  route: string | undefined,
): AsyncGenerator<Examination> {
  const { stack, examination } = await examineStack(deployed, stage);
  yield examination;
  let { parameters } = read;
  if (stack !== undefined) {
    const told = await examineParameters(deployed, stage, read);
    parameters = told.parameters;
    yield* [told.examination, examineProtection(stack, stage, parameters)];
  }
  const { Stream: name, Bucket: bucket, AlertsTable: table } = stack?.outputs ?? {};
  const streamed = name === undefined ? undefined : await examineStream(deployed, name);
  if (streamed !== undefined) yield streamed.examination;
  const { functions, examination: ofFunctions } = await examineFunctions(deployed, stage, declaredFunctions(read));
  yield ofFunctions;
  const users = roleUsers(functions, name, streamed?.stream);
  const secrets = secretsOf(read.config, read.rules, stage);
  yield* await Promise.all([
    examineRoles(deployed, users, String(parameters.permissionsBoundary ?? '')),
    ...(stack === undefined ? [] : [examinePolicies(deployed, stack)]),
    examineSecrets(deployed, secrets),
    examineWebhooks(deployed, secrets, stage),
    examineRinging(deployed, stage),
  ]);
  if (stack === undefined || name === undefined || bucket === undefined || table === undefined) {
    if (examination.findings.length === 0) yield withoutOutputs(stage);
    return;
  }
  yield* await Promise.all([
    examineTable(deployed, table),
    examineQueues(deployed, stack),
    examineBoundary(deployed, { bucket, window: parameters.window === 'day' ? 'day' : 'hour', now: Date.now() }),
  ]);
  const isBroken = streamed?.examination.findings.some(({ result }) => result === 'fail');
  const run = randomBytes(6).toString('hex');
  if (!isBroken) {
    const buffering = streamed?.stream?.buffering ?? usualBuffering;
    yield* await sendCanary(deployed, { stream: name, bucket, run, ...patience, buffering });
  }
  yield route === undefined ? untoldAlert(stage) : await sendByRoute(deployed, stage, { route, run });
}

function declaredFunctions({ infra }: ReadProject): DeclaredFunction[] {
  return (infra?.functionNames ?? []).map((name) => ({
    name,
    conditional: infra?.functionSettings(name).settings.condition !== undefined,
  }));
}

function withoutOutputs(stage: string): Examination {
  return {
    name: 'aws:outputs',
    about: '',
    findings: [
      {
        result: 'unknown',
        place: `stack firesplit-${stage}`,
        problem: 'it does not tell where its stream, bucket and table are, so nothing of them was looked at',
        remedy: 'deploy this version, which has the outputs',
      },
    ],
  };
}

/** People who read that nothing has to be mended should not take it for what they would hear. */
function untoldAlert(stage: string): Examination {
  return {
    name: 'canary:alert',
    about: '',
    findings: [
      {
        result: 'unknown',
        place: `routes of stage ${stage}`,
        problem: 'nothing was posted, so whether messages arrive could not be looked at',
        remedy: 'say --route NAME to post a test message by way of one',
      },
    ],
  };
}

/** Between two looks at the bucket, and beside what the buffers take; ms. */
const patience = { pause: 2000, patience: 60_000 };

/** Of infra/resources/firehose.yml, for a stream that may not be described; ms. */
const usualBuffering = 80_000;
