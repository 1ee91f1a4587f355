import { expect, it } from '@jest/globals';
import { openEnvelope } from '../../../shared/record/envelope.js';
import { EnvelopeTemplates } from '../../../shared/record/envelopeTemplate.js';

const collected = { ecs_cluster: 'prod', time: '2026-11-22T16:42:53.974000001Z' };

function recordOf(container: string, log: string, source = 'stdout'): string {
  return JSON.stringify({ container_id: container, container_name: `web-${container}`, source, log, ...collected });
}

function learn(templates: EnvelopeTemplates, ...records: readonly string[]): void {
  for (const record of records) for (const event of openEnvelope(record)) templates.learn(record, event);
}

/** The service and the line that a record opens to by its template, in the middle of a longer text. */
function opened(templates: EnvelopeTemplates, record: string): string | undefined {
  const text = `{"log":"before"}\n${record}\n{"container_id":"behind"}`;
  const start = text.indexOf('\n') + 1;
  const found = templates.open(text, start, start + record.length);
  return found && `${found.origin.service} ${found.origin.source} ${text.slice(found.logStart, found.logEnd)}`;
}

it('opens the records of 1,000 containers that alternate, each by its own template', () => {
  const templates = new EnvelopeTemplates();
  const containers = Array.from({ length: 1000 }, (_, n) => `${'c'.repeat(50)}${n}`);
  learn(templates, ...containers.map((container) => recordOf(container, 'first')));
  for (const container of containers)
    expect(opened(templates, recordOf(container, 'a "b"'))).toBe(`web-${container} stdout a \\"b\\"`);
});

it('opens records of stdout and stderr of a container in any order, and of containers without an id', () => {
  const templates = new EnvelopeTemplates();
  const withoutId = (service: string, log: string) => JSON.stringify({ container_name: service, log, ...collected });
  learn(templates, recordOf('a', '1'), recordOf('a', '1', 'stderr'), withoutId('x', '1'), withoutId('y', '1'));
  for (const source of ['stdout', 'stderr', 'stdout'])
    expect(opened(templates, recordOf('a', '2', source))).toBe(`web-a ${source} 2`);
  for (const service of ['x', 'y', 'x'])
    expect(opened(templates, withoutId(service, '2'))).toBe(`${service} undefined 2`);
});

it('finds the id behind the line, and not in it', () => {
  const templates = new EnvelopeTemplates();
  const record = (id: string, log: string) =>
    JSON.stringify({ log, container_id: id, container_name: `web-${id}`, ...collected });
  learn(templates, record('a', '1'), record('b', '1'));
  for (const id of ['a', 'b', 'a'])
    expect(opened(templates, record(id, '{"container_id":"x"}'))).toBe(
      `web-${id} undefined {\\"container_id\\":\\"x\\"}`,
    );
});

it('knows 4,096 containers at most, and forgets the one it met first', () => {
  const templates = new EnvelopeTemplates();
  for (let n = 0; n <= 4096; n++) learn(templates, recordOf(String(n), '1'));
  expect(opened(templates, recordOf('0', '2'))).toBeUndefined();
  expect(opened(templates, recordOf('1', '2'))).toBe('web-1 stdout 2');
  learn(templates, recordOf('0', '2'));
  expect(opened(templates, recordOf('0', '3'))).toBe('web-0 stdout 3');
});
