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

it('opens records that state no time, wherever the line stands in them', () => {
  const templates = new EnvelopeTemplates();
  const records: ReadonlyMap<string, (log: string) => object> = new Map([
    ['first', (log: string) => ({ log, container_id: 'first', container_name: 'first' })],
    ['amid', (log: string) => ({ container_id: 'amid', log, container_name: 'amid', source: 'stdout' })],
    ['last', (log: string) => ({ container_id: 'last', container_name: 'last', log })],
  ]);
  for (const record of records.values()) learn(templates, JSON.stringify(record('1')));
  for (const [service, record] of records) {
    const text = JSON.stringify(record('a "b"'));
    expect(templates.open(text, 0, text.length)).toMatchObject({ origin: { service }, time: undefined });
    expect(opened(templates, text)).toMatch(/ a \\"b\\"$/);
  }
});

it('learns from a record without a time nothing about one with a time, nor the other way round', () => {
  const templates = new EnvelopeTemplates();
  const untimed = (log: string) => JSON.stringify({ ...JSON.parse(recordOf('a', log)), time: undefined });
  learn(templates, untimed('1'));
  expect(opened(templates, recordOf('a', '2'))).toBeUndefined();
  learn(templates, recordOf('a', '2'));
  for (const record of [untimed('3'), recordOf('a', '3'), untimed('3')])
    expect(opened(templates, record)).toBe('web-a stdout 3');
});

it('learns nothing from what is no record of FireLens', () => {
  const templates = new EnvelopeTemplates();
  const lines = ['text', 'a "log":"b"', '{"log":"1","level":"info"}', '{"log":"1","log":"2","container_id":"a"}'];
  learn(templates, ...lines);
  for (const line of lines) expect(opened(templates, line)).toBeUndefined();
});

it('knows 4,096 containers at most, and forgets the one it met first', () => {
  const templates = new EnvelopeTemplates();
  for (let n = 0; n <= 4096; n++) learn(templates, recordOf(String(n), '1'));
  expect(opened(templates, recordOf('0', '2'))).toBeUndefined();
  expect(opened(templates, recordOf('1', '2'))).toBe('web-1 stdout 2');
  learn(templates, recordOf('0', '2'));
  expect(opened(templates, recordOf('0', '3'))).toBe('web-0 stdout 3');
});
