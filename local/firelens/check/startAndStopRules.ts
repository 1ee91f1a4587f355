import { ecs, fluentBit } from '../../../shared/limits.js';
import { serviceSetting } from '../conf.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';
import type { Container } from './task.js';

/** Seconds that the router should have after the last line, to deliver what it holds. */
const leastForRouter = 30;

/** The router starts before those who write and ends after them, with time to deliver what it holds. */
export const startAndStopRules: Rules = (subject) => [...start(subject), ...stop(subject)];

function start({ router, senders }: Subject): Finding[] {
  const findings: Finding[] = [];
  if (router.dependsOn.length > 0 && unordered({ router, senders }).length > 0) {
    findings.push(
      finding('order', 'loses lines', router, ['dependsOn'], {
        problem:
          'The router waits for another container, so ECS does not put it before those who log: they may write before it reads, and all are stopped together.',
        remedy: 'Add dependsOn on the router to those who log, or remove that of the router.',
        source: sources.agentOrder,
      }),
    );
  }
  for (const sender of senders) if (sender !== router) findings.push(...dependency(sender, router));
  return findings;
}

/** The containers that log and do not wait for the router: ECS puts it before them only when it waits for nobody itself. */
function unordered({ router, senders }: Pick<Subject, 'router' | 'senders'>): Container[] {
  return senders.filter(
    (sender) => sender !== router && !sender.dependsOn.some(({ container }) => container === router.name),
  );
}

function dependency(sender: Container, router: Container): Finding[] {
  const at = sender.dependsOn.findIndex(({ container }) => container === router.name);
  const condition = sender.dependsOn[at]?.condition;
  if (condition === 'HEALTHY') {
    if (router.healthCommand !== undefined) return [];
    return [
      finding('order', 'does not start', sender, ['dependsOn', at, 'condition'], {
        problem: `${sender.name} waits until the router is healthy, and the router has no health check.`,
        remedy: 'Add the healthCheck that `firesplit firelens` prints.',
        source: sources.containerDependency,
      }),
    ];
  }
  if (condition === 'COMPLETE' || condition === 'SUCCESS') {
    return [
      finding('order', 'does not start', sender, ['dependsOn', at, 'condition'], {
        problem: `${sender.name} waits until the router has ended, which it does not do.`,
        remedy: 'Set the condition to HEALTHY.',
        source: sources.containerDependency,
      }),
    ];
  }
  return [
    finding('order', 'loses lines', sender, ['dependsOn', ...(at < 0 ? [] : [at])], {
      problem: `${sender.name} starts as soon as the router's container does, before Fluent Bit reads: what it writes is lost if it ends at once, as at a crash on start.`,
      remedy: `Set "dependsOn": [{ "containerName": "${router.name}", "condition": "HEALTHY" }], with a health check of the router.`,
      source: sources.earlyExit,
    }),
  ];
}

function stop({ task, router, senders, conf }: Subject): Finding[] {
  const findings: Finding[] = [];
  const given = router.stopTimeout;
  const timeout = given ?? ecs.stopTimeout.default;
  const shown = given === undefined ? `not set, which is ${timeout} s` : `${timeout} s`;
  const grace =
    conf.kind === 'seen' ? Number(serviceSetting(conf.sections, 'grace') ?? fluentBit.defaultGrace) : undefined;
  if (grace !== undefined && timeout <= grace) {
    findings.push(
      finding('stop-timeout', 'loses lines', router, ['stopTimeout'], {
        problem: `The router's stopTimeout is ${shown}; Fluent Bit takes up to ${grace} s (Grace) to deliver what it holds, and is killed before.`,
        remedy: `Set it to ${Math.min(grace + 30, ecs.stopTimeout.maxFargate)}.`,
        source: sources.containerDefinition,
      }),
    );
  } else if (conf.kind === 'unseen' && given === undefined) {
    findings.push(
      finding('stop-timeout', 'advice', router, ['stopTimeout'], {
        problem: `The router's stopTimeout is ${shown}; whether that is longer than Grace in ${conf.file} can't be seen here.`,
        remedy: 'Set it above Grace, or give the file with --config.',
        source: sources.containerDefinition,
      }),
    );
  }
  for (const container of new Set([router, ...senders])) {
    if (!task.isFargate || (container.stopTimeout ?? 0) <= ecs.stopTimeout.maxFargate) continue;
    findings.push(
      finding('stop-timeout', 'does not start', container, ['stopTimeout'], {
        problem: `stopTimeout is ${container.stopTimeout} s; Fargate takes at most ${ecs.stopTimeout.maxFargate}.`,
        remedy: `Set it to ${ecs.stopTimeout.maxFargate} or less.`,
        source: sources.containerDefinition,
      }),
    );
  }
  const longestOf = (containers: readonly Container[]) =>
    Math.max(0, ...containers.map(({ stopTimeout }) => stopTimeout ?? ecs.stopTimeout.default));
  const longest = longestOf(senders.filter((sender) => sender !== router));
  const beside = longestOf(unordered({ router, senders }));
  if (router.dependsOn.length > 0 && timeout <= beside) {
    findings.push(
      finding('stop-timeout', 'loses lines', router, ['stopTimeout'], {
        problem: `All containers are stopped together, and the router is given ${timeout} s while another has ${beside}: it is killed while that one writes.`,
        remedy: 'Add dependsOn on the router to those who log, so that it is stopped last.',
        source: sources.agentOrder,
      }),
    );
  } else if (task.isFargate && longest + leastForRouter > ecs.spotNotice) {
    findings.push(
      finding('stop-timeout', 'advice', router, ['stopTimeout'], {
        problem: `A service that takes its ${longest} s to stop leaves the router ${Math.max(0, ecs.spotNotice - longest)} s on Fargate Spot, which ends the task after ${ecs.spotNotice} s.`,
        remedy: `Let it stop within ${ecs.spotNotice - leastForRouter} s where Spot is used.`,
        source: sources.spot,
      }),
    );
  }
  return findings;
}
