import { lambda } from '../../../shared/limits.js';
import { counted, utcText } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import { look } from './look.js';
import { putBack } from './putBack.js';
import type { DeployedFunction, DeployedStack, DeployedStage, DeployedStream } from './stage.js';

/** The stack of a stage; what it tells is undefined when it isn't there or can't be looked at. */
export async function examineStack(
  deployed: DeployedStage,
  stage: string,
): Promise<{ readonly stack: DeployedStack | undefined; readonly examination: Examination }> {
  let stack: DeployedStack | undefined;
  const place = `stack firesplit-${stage}`;
  const asked = { name: 'aws:stack', place, permission: 'cloudformation:DescribeStacks' };
  const examination = await look(asked, async () => {
    const region = await deployed.region();
    stack = await deployed.stack(`firesplit-${stage}`);
    if (stack === undefined) {
      const remedy = `run npx serverless deploy --stage ${stage}, or name another one with --stage or --region`;
      return { about: '', findings: [{ result: 'fail', place, problem: `there is none in ${region}`, remedy }] };
    }
    const about = `${place} in ${region} is ${stack.status} since ${utcText(stack.deployedAt)}`;
    return { about, findings: ofStatus(place, stack) };
  });
  return { stack, examination };
}

function ofStatus(place: string, { status, reason }: DeployedStack): Finding[] {
  const because = reason ? `: ${reason}` : '';
  if (/^(UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE$/.test(status)) {
    const remedy = 'look at the events of the stack, mend what they name, and deploy again';
    return [
      { result: 'warn', place, problem: `the last deployment failed and was taken back: ${status}${because}`, remedy },
    ];
  }
  if (/_IN_PROGRESS$/.test(status)) {
    return [
      {
        result: 'warn',
        place,
        problem: `it is ${status}: what follows may change`,
        remedy: 'ask again when it is done',
      },
    ];
  }
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return [];
  const remedy =
    status === 'UPDATE_ROLLBACK_FAILED'
      ? 'mend what the events of the stack name, and run aws cloudformation continue-update-rollback'
      : 'look at the events of the stack; one that was never made has to be deleted before the next deployment';
  return [{ result: 'fail', place, problem: `it is ${status}${because}`, remedy }];
}

/** The stream; undefined when it can't be looked at. */
export async function examineStream(
  deployed: DeployedStage,
  name: string,
): Promise<{ readonly stream: DeployedStream | undefined; readonly examination: Examination }> {
  let stream: DeployedStream | undefined;
  const place = `stream ${name}`;
  const asked = { name: 'aws:stream', place, permission: 'firehose:DescribeDeliveryStream' };
  const examination = await look(asked, async () => {
    stream = await deployed.stream(name);
    if (stream === undefined) {
      return { about: '', findings: [{ result: 'fail', place, problem: 'there is none any more', remedy: putBack }] };
    }
    const { status } = stream;
    if (status === 'ACTIVE') return { about: `${place} is ACTIVE`, findings: [] };
    const remedy = 'it takes nothing until it is ACTIVE: look at the events of the stack';
    return { about: '', findings: [{ result: 'fail', place, problem: `it is ${status}`, remedy }] };
  });
  return { stream, examination };
}

/** Of the state of alerts: nothing is decided without it. */
export function examineTable(deployed: DeployedStage, name: string): Promise<Examination> {
  const place = `table ${name}`;
  return look({ name: 'aws:state', place, permission: 'dynamodb:DescribeTable' }, async () => {
    const status = await deployed.tableStatus(name);
    // UPDATING takes reads and writes as well.
    if (status === 'ACTIVE' || status === 'UPDATING') return { about: `${place} is ${status}`, findings: [] };
    const problem = status === undefined ? 'there is none any more' : `it is ${status}`;
    const remedy = `without it nobody is told of anything: ${putBack}`;
    return { about: '', findings: [{ result: 'fail', place, problem, remedy }] };
  });
}

/** A function as the project declares it. */
export interface DeclaredFunction {
  /** Such as `transform`. */
  readonly name: string;
  /** Made only when a parameter or the configuration asks for it. */
  readonly conditional: boolean;
}

/** The functions of the project; those that are there, by their full names, as far as they can be looked at. */
export async function examineFunctions(
  deployed: DeployedStage,
  stage: string,
  declared: readonly DeclaredFunction[],
): Promise<{ readonly functions: ReadonlyMap<string, DeployedFunction>; readonly examination: Examination }> {
  const functions = new Map<string, DeployedFunction>();
  const place = `functions of stage ${stage}`;
  const asked = { name: 'aws:functions', place, permission: 'lambda:GetFunctionConfiguration' };
  const examination = await look(asked, async () => {
    const found = await Promise.all(
      declared.map(async ({ name, conditional }): Promise<Finding[]> => {
        const full = `firesplit-${stage}-${name}`;
        const answer = await deployed.function(full);
        if (answer !== undefined) {
          functions.set(full, answer);
          return ofFunction(`function ${full}`, answer);
        }
        const remedy = `run npx serverless deploy --stage ${stage}; if it was there, ${putBack}`;
        return conditional ? [] : [{ result: 'fail', place: `function ${full}`, problem: 'there is none', remedy }];
      }),
    );
    return {
      about: `${counted(declared.length, 'function')} of the project: those that are deployed can run`,
      findings: found.flat(),
    };
  });
  return { functions, examination };
}

function ofFunction(place: string, { state, update, reason, runtime }: DeployedFunction): Finding[] {
  const because = reason ? `: ${reason}` : '';
  const findings: Finding[] = [];
  const known: readonly string[] = lambda.nodeRuntimes;
  if (state === 'Failed' || update === 'Failed') {
    const problem = `its last ${state === 'Failed' ? 'creation' : 'update'} failed${because}`;
    findings.push({ result: 'fail', place, problem, remedy: 'mend that, and deploy again' });
  } else if (state === 'Pending' || update === 'InProgress') {
    const problem = `it is being ${state === 'Pending' ? 'made' : 'updated'}${because}`;
    findings.push({ result: 'warn', place, problem, remedy: 'ask again in a minute' });
  }
  if (runtime !== undefined && !known.includes(runtime)) {
    const problem = `it runs on ${runtime}, which is not among those that this version knows: ${known.join(', ')}`;
    findings.push({ result: 'warn', place, problem, remedy: 'deploy this version' });
  }
  return findings;
}
