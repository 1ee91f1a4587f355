import type { ShippedRouter } from '../shippedRouter.js';
import { confRules } from './confRules.js';
import { effects, type Finding, sources } from './finding.js';
import { imageRules } from './imageRules.js';
import { memoryRules } from './memoryRules.js';
import { outputRules } from './outputRules.js';
import { permissionRules } from './permissionRules.js';
import { routerConf } from './routerConf.js';
import { routerRules } from './routerRules.js';
import { startAndStopRules } from './startAndStopRules.js';
import { finding, type Rules } from './subject.js';
import { type Container, readTask, type Task } from './task.js';
import { taskRules } from './taskRules.js';

/** What the definition is checked with. */
export interface CheckContext {
  readonly shipped: ShippedRouter;
  /** The configuration that the router includes, when the definition has it elsewhere. */
  readonly conf?: string | undefined;
  /** The policy of the task role, as IAM prints it. */
  readonly policy?: unknown;
  /** Bytes of an average line. */
  readonly lineBytes: number;
}

const groups: readonly Rules[] = [
  taskRules,
  routerRules,
  startAndStopRules,
  memoryRules,
  imageRules,
  confRules,
  outputRules,
  permissionRules,
];

/** What is wrong with a task definition, the gravest first. Never throws, whatever the JSON. */
export function checkTaskDefinition(json: unknown, context: CheckContext): Finding[] {
  const task = readTask(json);
  if (task === undefined) return [nothingToCheck];
  const routers = task.containers.filter(({ fireLens }) => fireLens !== undefined);
  const senders = task.containers.filter(({ logDriver }) => logDriver === 'awsfirelens');
  const [router, second] = routers;
  if (router === undefined) return [withoutRouter(task, senders)];
  const { shipped, policy, lineBytes } = context;
  const conf = routerConf(router, shipped, context.conf);
  const subject = { task, router, senders, conf, lineBytes, policy, shipped };
  const findings = groups.flatMap((rules) => rules(subject));
  if (second !== undefined) findings.push(secondRouter(second));
  return findings.sort((a, b) => effects.indexOf(a.effect) - effects.indexOf(b.effect));
}

const nothingToCheck: Finding = {
  rule: 'definition',
  effect: 'does not start',
  path: '',
  problem: 'There is no list "containerDefinitions": this is no task definition.',
  remedy:
    'Give the JSON that `aws ecs describe-task-definition` prints or `register-task-definition --cli-input-json` takes.',
  source: sources.parameters,
};

function withoutRouter(task: Task, senders: readonly Container[]): Finding {
  const [sender] = senders;
  const [ofHost] = task.containers.every(isRouter) ? task.containers : task.containers.filter(logsToHost);
  if (sender === undefined && ofHost !== undefined) {
    const role = logsToHost(ofHost) ? 'logs to a router of its host, by the driver fluentd' : 'is a router of its host';
    return finding('router', 'advice', ofHost, ['logConfiguration'], {
      problem: `${ofHost.name} ${role}: that is no FireLens, which is all that this check knows.`,
      remedy:
        'Compare it with infra/ecs/ec2-task-definition.json and infra/ecs/ec2-router.json, as docs/ways/ecs-on-ec2.md has them.',
      source: sources.fluentdDriver,
    });
  }
  if (sender === undefined) {
    return finding('router', 'loses lines', task, ['containerDefinitions'], {
      problem:
        'No container has a firelensConfiguration and none logs with awsfirelens: no line of the task reaches the stream.',
      remedy: 'Add what `firesplit firelens --service NAME` prints.',
      source: sources.fireLensExample,
    });
  }
  return finding('router', 'does not start', sender, ['logConfiguration', 'logDriver'], {
    problem: `${sender.name} logs with awsfirelens, and no container has a firelensConfiguration: ECS refuses the task.`,
    remedy: 'Add the container log_router that `firesplit firelens --service NAME` prints.',
    source: sources.fireLensExample,
  });
}

function logsToHost({ logDriver }: Container): boolean {
  return logDriver === 'fluentd';
}

/** Of a task with nothing else in it this is the router of a host, as infra/ecs/ec2-router.json has it. */
function isRouter({ image }: Container): boolean {
  return /(^|\/)(aws-for-)?fluent-bit(:|@|$)/.test(image ?? '');
}

function secondRouter(router: Container): Finding {
  return finding('router', 'does not start', router, ['firelensConfiguration'], {
    problem: 'A second container has a firelensConfiguration; a task has one log router.',
    remedy: 'Keep one of them, with the outputs of both in its configuration file.',
    source: sources.agentOrder,
  });
}
