import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { type ConfSection, parseConf, sectionsOf } from '../../local/firelens/conf.js';
import { ecsModelProblems } from '../helpers/ecsModel.js';

const folder = 'infra/fluent-bit';

/** What differs from way to way: places, names, and who may ask for the metrics. */
const ownSettings = ['storage.path', 'http_listen', 'http_port', 'parsers_file', 'health_check'];
const ownOutputSettings = ['match', 'region', 'delivery_stream'];

const routers = [
  { name: 'docker', conf: () => readFile(`${folder}/docker/fluent-bit.conf`, 'utf8') },
  { name: 'host', conf: () => readFile(`${folder}/host/fluent-bit.conf`, 'utf8') },
  { name: 'http', conf: () => readFile(`${folder}/http/fluent-bit.conf`, 'utf8') },
  { name: 'kubernetes', conf: chartConf },
];

describe.each(routers)('the router of $name', ({ conf }) => {
  it('has the settings that docs/no-loss.md measures', async () => {
    const [own, measured] = [parseConf(await conf()), parseConf(await readFile(`${folder}/extra.conf`, 'utf8'))];
    expect(without(only(own, 'SERVICE'), ownSettings)).toEqual(without(only(measured, 'SERVICE'), ownSettings));
    expect(without(only(own, 'OUTPUT'), ownOutputSettings)).toEqual(
      without(only(measured, 'OUTPUT'), ownOutputSettings),
    );
  });

  it('has no filter that waits for more lines', async () => {
    const filters = sectionsOf(parseConf(await conf()), 'FILTER').map(({ settings }) => settings.get('name'));
    expect(['lua', 'record_modifier', 'kubernetes']).toEqual(expect.arrayContaining(filters));
  });
});

// Not that of Kubernetes: its lines come in parts of 16 KB.
it.each(['extra.conf', 'docker/fluent-bit.conf', 'host/fluent-bit.conf', 'http/fluent-bit.conf'])(
  'cuts what Firehose would not take, as cut.lua does: %s',
  async (file) => {
    expect(cutOf(parseConf(await readFile(`${folder}/${file}`, 'utf8')))).toBe(await cutInOneLine());
  },
);

it.each(['ec2-router', 'ec2-task-definition'])('has in %s.json what ECS can register', async (file) => {
  expect(ecsModelProblems(JSON.parse(await readFile(`infra/ecs/${file}.json`, 'utf8')))).toEqual([]);
});

it('lets the driver add no more labels than the transform can tell records by', async () => {
  const compose = parse(await readFile(`${folder}/docker/compose.yml`, 'utf8'), { merge: true });
  const ecs = JSON.parse(await readFile('infra/ecs/ec2-task-definition.json', 'utf8'));
  // The driver sends a map of Go, of which eight keys come in eight orders, and nine in many more.
  for (const { options } of [compose.services.web.logging, ecs.containerDefinitions[0].logConfiguration])
    expect(options.labels.split(',').length).toBeLessThanOrEqual(8 - 4);
});

it('ends within the time that each supervisor gives it', async () => {
  const values = parse(await readFile(`${folder}/kubernetes/values.yaml`, 'utf8'));
  expect(values.terminationGracePeriodSeconds).toBeGreaterThan(100);
  const compose = parse(await readFile(`${folder}/docker/compose.yml`, 'utf8'), { merge: true });
  expect(Number.parseInt(compose.services.log_router.stop_grace_period, 10)).toBeGreaterThan(100);
  expect(await readFile(`${folder}/host/fluent-bit.service.conf`, 'utf8')).toMatch(/^TimeoutStopSec=120$/m);
});

/** The chart's own configuration before Helm fills in its values. */
async function chartConf(): Promise<string> {
  const { config } = parse(await readFile(`${folder}/kubernetes/values.yaml`, 'utf8'));
  return [config.service, config.inputs, config.filters, config.outputs].join('\n');
}

function only(conf: readonly ConfSection[], kind: string): ReadonlyMap<string, string> {
  const [section, ...others] = sectionsOf(conf, kind);
  if (!section || others.length > 0) throw new Error(`There is not one ${kind}.`);
  return section.settings;
}

function without(settings: ReadonlyMap<string, string>, keys: readonly string[]): object {
  return Object.fromEntries([...settings].filter(([key]) => !keys.includes(key)));
}

function cutOf(conf: readonly ConfSection[]): string | undefined {
  return sectionsOf(conf, 'FILTER')
    .find(({ settings }) => settings.get('call') === 'cut')
    ?.settings.get('code');
}

async function cutInOneLine(): Promise<string> {
  const lines = (await readFile(`${folder}/cut.lua`, 'utf8')).split('\n').map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('--')).join(' ');
}
