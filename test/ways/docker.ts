import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { freePort } from '../helpers/freePort.js';
import type { WayLab } from './lab.js';
import { shop } from './lines.js';
import { Program } from './program.js';

const folder = 'infra/fluent-bit/docker';

/**
 * Services of Docker Compose on a real Docker, with the log options of the shipped file: that has a network of its own, so the router's
 * port is replaced by one that is free.
 */
export async function compose(lab: WayLab): Promise<void> {
  const { port } = await router(lab);
  const shipped = parse(await readFile(`${folder}/compose.yml`, 'utf8'), { merge: true });
  const { driver, options } = shipped.services.web.logging;
  const logging = { driver, options: { ...options, 'fluentd-address': `127.0.0.1:${port}` } };
  const services = Object.fromEntries(
    Object.keys(shop).map((name) => [
      name,
      {
        image: lab.programs.image,
        network_mode: 'none',
        command: ['/bin/sh', '-c', script(name)],
        volumes: [`${lab.folder}:/lines:ro`],
        logging,
      },
    ]),
  );
  const file = lab.path('compose.yml');
  await writeFile(file, JSON.stringify({ version: '3.8', services }));
  await writeLines(lab);
  const command = ['--project-name', 'shop', '--file', file];
  try {
    await Program.run(lab.programs.compose, [...command, 'up', '--detach']);
    await lab.arrive(4);
  } finally {
    await Program.run(lab.programs.compose, [...command, 'down', '--timeout', '0']);
  }
}

/**
 * Containers as the ECS agent starts them on EC2, with the log options of infra/ecs/ec2-task-definition.json and the agent's labels, by
 * the socket of the router that a daemon service runs on each instance.
 */
export async function ecsOnEc2(lab: WayLab): Promise<void> {
  const { socket } = await router(lab);
  const definition = JSON.parse(await readFile('infra/ecs/ec2-task-definition.json', 'utf8'));
  const { logDriver, options } = definition.containerDefinitions[0].logConfiguration;
  await writeLines(lab);
  const names: string[] = [];
  try {
    for (const name of Object.keys(shop) as (keyof typeof shop)[]) {
      const container = `ecs-shop-3-${name}-f0a1b2c3d4e5f6a7b801`;
      names.push(container);
      const labels = {
        'com.amazonaws.ecs.cluster': 'prod',
        'com.amazonaws.ecs.container-name': name,
        'com.amazonaws.ecs.task-arn': `arn:aws:ecs:us-east-1:111122223333:task/prod/${task}`,
        'com.amazonaws.ecs.task-definition-family': 'shop',
        'com.amazonaws.ecs.task-definition-version': '3',
      };
      const given = { ...options, 'fluentd-address': `unix://${socket}` };
      await Program.run('docker', [
        ...['run', '--detach', '--network', 'none', '--name', container, '--volume', `${lab.folder}:/lines:ro`],
        ...Object.entries(labels).flatMap(([key, value]) => ['--label', `${key}=${value}`]),
        ...['--log-driver', logDriver],
        ...Object.entries(given).flatMap(([key, value]) => ['--log-opt', `${key}=${value}`]),
        ...[lab.programs.image, '/bin/sh', '-c', script(name)],
      ]);
    }
    await lab.arrive(4);
  } finally {
    await Program.run('docker', ['rm', '--force', ...names]);
  }
}

const task = '0123456789abcdef0123456789abcdef';

async function router(lab: WayLab): Promise<{ readonly port: number; readonly socket: string }> {
  const port = await freePort();
  const socket = lab.path('fluent.sock');
  await mkdir(lab.path('chunks'));
  const settings = { 'storage.path': lab.path('chunks'), Unix_Path: socket, Port: String(port) };
  await lab.router(await lab.configuration(`${folder}/fluent-bit.conf`, settings));
  return { port, socket };
}

async function writeLines(lab: WayLab): Promise<void> {
  for (const [name, written] of Object.entries(shop))
    for (const stream of ['stdout', 'stderr'] as const)
      await writeFile(lab.path(`${name}.${stream}`), written[stream].map((line) => `${line}\n`).join(''));
}

function script(name: string): string {
  return `cat /lines/${name}.stdout; cat /lines/${name}.stderr >&2`;
}
