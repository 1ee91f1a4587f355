import { readFileSync } from 'node:fs';
import { compactConf } from '../../local/firelens/conf.js';
import { healthCheck } from '../../local/firelens/healthCheck.js';
import { printJson } from '../../local/firelens/printJson.js';
import { shippedRouter } from '../../local/firelens/shippedRouter.js';

/** infra/ecs/ec2-router.json: the daemon that runs once on each instance, with infra/fluent-bit/docker/fluent-bit.conf in a variable. */
export function exampleEc2Router(): string {
  const { repository, version } = shippedRouter();
  const conf = compactConf(readFileSync('infra/fluent-bit/docker/fluent-bit.conf', 'utf8'));
  const folders = { buffer: '/var/log/firesplit/', socket: '/var/run/firesplit/' };
  const definition = {
    family: 'firesplit-router',
    networkMode: 'bridge',
    requiresCompatibilities: ['EC2'],
    executionRoleArn: 'arn:aws:iam::111122223333:role/firesplit-router-execution',
    taskRoleArn: 'arn:aws:iam::111122223333:role/firesplit-router-task',
    containerDefinitions: [
      {
        name: 'log_router',
        image: `${repository}:${version}`,
        essential: true,
        restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
        user: '0',
        memoryReservation: 224,
        memory: 320,
        stopTimeout: 120,
        entryPoint: ['/bin/sh', '-c'],
        command: [
          'mkdir -p /firesplit && printf \'%s\\n\' "$FIRESPLIT_CONF" > /firesplit/fluent-bit.conf && exec /fluent-bit/bin/fluent-bit -c /firesplit/fluent-bit.conf',
        ],
        environment: [
          { name: 'AWS_REGION', value: 'us-east-1' },
          { name: 'FIRESPLIT_STREAM', value: 'logs' },
          { name: 'FIRESPLIT_CONF', value: conf },
        ],
        mountPoints: Object.entries(folders).map(([sourceVolume, containerPath]) => ({ sourceVolume, containerPath })),
        healthCheck: healthCheck('2020'),
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/firesplit-router',
            'awslogs-region': 'us-east-1',
            'awslogs-stream-prefix': 'log-router',
            mode: 'non-blocking',
          },
        },
      },
    ],
    // Folders of the instance: its disk outlives the task.
    volumes: Object.entries(folders).map(([name, sourcePath]) => ({ name, host: { sourcePath } })),
  };
  return `${printJson(definition)}\n`;
}
