import { fargateMistake } from '../routerOptions.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules } from './subject.js';

/** Size, network and roles of the task, and containers whose lines take another way. */
export const taskRules: Rules = ({ task, router, senders }) => {
  const findings: Finding[] = [];
  const { isFargate, networkMode, cpu, memory } = task;
  if (isFargate && cpu !== undefined && memory !== undefined) {
    const mistake = fargateMistake(cpu, memory);
    if (mistake !== undefined) {
      findings.push(
        finding('fargate-size', 'does not start', task, ['memory'], {
          problem: mistake,
          remedy: 'Take one of these sizes.',
          source: sources.fargateSizes,
        }),
      );
    }
  }
  if (isFargate && (cpu === undefined || memory === undefined)) {
    findings.push(
      finding('fargate-size', 'does not start', task, [cpu === undefined ? 'cpu' : 'memory'], {
        problem: 'A task on Fargate needs "cpu" and "memory".',
        remedy: 'Add both, for example "256" and "512".',
        source: sources.fargateSizes,
      }),
    );
  }
  if (isFargate && networkMode !== 'awsvpc') {
    findings.push(
      finding('network-mode', 'does not start', task, ['networkMode'], {
        problem: `The network mode is ${networkMode ?? 'not set'}; Fargate takes awsvpc only.`,
        remedy: 'Set "networkMode": "awsvpc".',
        source: sources.parameters,
      }),
    );
  } else if (networkMode === 'none') {
    findings.push(
      finding('network-mode', 'loses lines', task, ['networkMode'], {
        problem: 'In network mode none the router has no way to Firehose.',
        remedy: 'Set "networkMode": "awsvpc".',
        source: sources.parameters,
      }),
    );
  }
  if (isFargate && !task.hasTaskRole) {
    findings.push(
      finding('task-role', 'loses lines', task, ['taskRoleArn'], {
        problem: 'Without a task role the router has no credentials, and Firehose refuses all that it sends.',
        remedy: 'Name a role with the policy that `firesplit firelens --policy` prints.',
        source: sources.fireLens,
      }),
    );
  }
  if (isFargate && !task.hasExecutionRole && router.logDriver === 'awslogs') {
    findings.push(
      finding('execution-role', 'does not start', task, ['executionRoleArn'], {
        problem: "The router's own log goes to CloudWatch, which on Fargate needs a task execution role.",
        remedy: 'Name a role with AmazonECSTaskExecutionRolePolicy.',
        source: sources.executionRole,
      }),
    );
  }
  for (const container of task.containers) {
    if (container === router || senders.includes(container)) continue;
    findings.push(
      finding(
        'other-way',
        container.logDriver === undefined ? 'loses lines' : 'advice',
        container,
        ['logConfiguration'],
        {
          problem: `Lines of ${container.name || 'this container'} go ${container.logDriver ? `to ${container.logDriver}` : 'nowhere on Fargate, and to the default driver on EC2'}; none of them reaches the stream.`,
          remedy: 'Give it the logConfiguration with awsfirelens, unless that is meant.',
          source: sources.fireLensExample,
        },
      ),
    );
  }
  return findings;
};
