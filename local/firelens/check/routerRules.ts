import { nearestWord } from '../../../shared/yaml/nearest.js';
import { type Finding, sources } from './finding.js';
import { finding, type Rules, type Subject } from './subject.js';

/** The router's own container: whether it is there for as long as the service is, and can be watched. */
export const routerRules: Rules = (subject) => [...container(subject), ...fireLensOptions(subject), ...ownLog(subject)];

function container({ router, task }: Subject): Finding[] {
  const findings: Finding[] = [];
  if (!router.isEssential) {
    findings.push(
      finding('essential', 'loses lines', router, ['essential'], {
        problem: 'The router is not essential: when it dies, the task runs on and nobody reads its lines.',
        remedy: 'Set "essential": true.',
        source: sources.fireLensExample,
      }),
    );
  }
  if (router.user !== undefined && !/^(?:0|root)(?::|$)/.test(router.user)) {
    findings.push(
      finding('user', 'does not start', router, ['user'], {
        problem: `The router runs as ${router.user}; it has to open the socket and the files that root made.`,
        remedy: 'Set "user": "0".',
        source: sources.fireLensExample,
      }),
    );
  }
  if (router.ports.includes(24224)) {
    findings.push(
      finding('port', 'advice', router, ['portMappings'], {
        problem: 'Port 24224 takes lines from anybody who reaches it.',
        remedy: 'Remove the mapping; containers of the task reach the router without one.',
        source: sources.fireLens,
      }),
    );
  } else if (task.networkMode === 'bridge' && !task.isFargate) {
    findings.push(
      finding('network-mode', 'advice', task, ['networkMode'], {
        problem:
          'In network mode bridge the router listens on every address of its container, and FLUENT_HOST is wrong after it was restarted.',
        remedy: 'Set "networkMode": "awsvpc", or allow nobody to port 24224.',
        source: sources.throughput,
      }),
    );
  }
  if (!router.restarts) {
    findings.push(
      finding('restart-policy', 'advice', router, ['restartPolicy'], {
        problem: 'When the router crashes the task ends, and with it what waits on its disk.',
        remedy: 'Set "restartPolicy": { "enabled": true, "restartAttemptPeriod": 60 }.',
        source: sources.restartPolicy,
      }),
    );
  }
  return findings;
}

const knownOptions = ['enable-ecs-log-metadata', 'config-file-type', 'config-file-value'];

function fireLensOptions({ router, task }: Subject): Finding[] {
  const findings: Finding[] = [];
  const { type, options = new Map<string, string>() } = router.fireLens ?? {};
  const at = ['firelensConfiguration', 'options'];
  if (type !== 'fluentbit') {
    findings.push(
      finding('firelens-type', 'does not start', router, ['firelensConfiguration', 'type'], {
        problem: `The type is ${type ?? 'not set'}; Firesplit's configuration is for fluentbit.`,
        remedy: 'Set "type": "fluentbit".',
        source: sources.fireLensConfiguration,
      }),
    );
  }
  for (const key of options.keys()) {
    if (knownOptions.includes(key)) continue;
    const nearest = nearestWord(key, knownOptions);
    findings.push(
      finding('firelens-option', 'advice', router, [...at, key], {
        problem: `FireLens has no option ${key}, and passes over it.`,
        remedy: nearest ? `Did you mean ${nearest}?` : `Remove it; there are ${knownOptions.join(', ')}.`,
        source: sources.fireLensConfiguration,
      }),
    );
  }
  const metadata = options.get('enable-ecs-log-metadata');
  // As Go's ParseBool: whatever else is written turns it off.
  if (metadata !== undefined && !/^(?:1|t|T|true|TRUE|True)$/.test(metadata)) {
    findings.push(
      finding('metadata', 'advice', router, [...at, 'enable-ecs-log-metadata'], {
        problem: `"${metadata}" leaves task and cluster out of the lines: these columns stay empty.`,
        remedy: 'Set it to "true", or remove it.',
        source: sources.agentOptions,
      }),
    );
  }
  const fileType = options.get('config-file-type');
  const file = options.get('config-file-value');
  if ((fileType === undefined) !== (file === undefined)) {
    findings.push(
      finding(
        'config-file',
        'does not start',
        router,
        [...at, fileType === undefined ? 'config-file-type' : 'config-file-value'],
        {
          problem: 'config-file-type and config-file-value come together; one of them is missing.',
          remedy: 'Set both, for example "file" and "/firesplit/extra.conf".',
          source: sources.agentOptions,
        },
      ),
    );
  }
  if (fileType === 's3' && task.isFargate) {
    findings.push(
      finding('config-file', 'does not start', router, [...at, 'config-file-type'], {
        problem: 'Fargate takes a configuration only from a file of the container.',
        remedy: 'Take the init image, which reads files from S3: `firesplit firelens --image init`.',
        source: sources.fireLensConfiguration,
      }),
    );
  }
  if (file === '/fluent-bit/etc/fluent-bit.conf') {
    findings.push(
      finding('config-file', 'does not start', router, [...at, 'config-file-value'], {
        problem: 'ECS writes its own file to /fluent-bit/etc/fluent-bit.conf, which would include itself.',
        remedy: 'Put yours in another folder, such as /firesplit/extra.conf.',
        source: sources.fireLensExample,
      }),
    );
  }
  return findings;
}

function ownLog({ router, task }: Subject): Finding[] {
  const { logDriver, logOptions } = router;
  const at = ['logConfiguration'];
  if (logDriver === 'awsfirelens') {
    return [
      finding('own-log', 'loses lines', router, [...at, 'logDriver'], {
        problem: 'The router logs through itself: when it can not send, what it says of that is lost as well.',
        remedy: 'Give it "logDriver": "awslogs" with a log group of its own.',
        source: sources.fireLensExample,
      }),
    ];
  }
  if (logDriver === undefined) {
    return [
      finding('own-log', 'advice', router, at, {
        problem: "The router's own log goes nowhere: retries, refusals and dropped lines can't be seen.",
        remedy: 'Give it "logDriver": "awslogs" with a log group of its own.',
        source: sources.fireLensExample,
      }),
    ];
  }
  if (logDriver !== 'awslogs') return [];
  const needed = ['awslogs-group', 'awslogs-region', ...(task.isFargate ? ['awslogs-stream-prefix'] : [])];
  const missing = needed
    .filter((key) => !logOptions.has(key))
    .map((key) =>
      finding('own-log', 'does not start', router, [...at, 'options', key], {
        problem: `awslogs has no ${key}.`,
        remedy: `Set ${key}.`,
        source: sources.logConfiguration,
      }),
    );
  if (logOptions.get('mode') === 'blocking') {
    missing.push(
      finding('own-log', 'loses lines', router, [...at, 'options', 'mode'], {
        problem: 'In blocking mode Fluent Bit stands still while CloudWatch does not take its own log.',
        remedy: 'Set "mode": "non-blocking".',
        source: sources.logConfiguration,
      }),
    );
  }
  if (logOptions.get('awslogs-create-group') === 'true') {
    missing.push(
      finding('log-group', 'advice', router, [...at, 'options', 'awslogs-create-group'], {
        problem:
          'To create the log group takes logs:CreateLogGroup, which AmazonECSTaskExecutionRolePolicy does not have; without it the task does not start.',
        remedy: `Create the group ${logOptions.get('awslogs-group') ?? ''} beforehand, or give the execution role that right.`,
        source: sources.logConfiguration,
      }),
    );
  }
  return missing;
}
