import { gunzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PrefixExpression } from '../../../../local/firehose/dates/prefix.js';
import type { Processor, StreamConfig } from '../../../../local/firehose/stream/streamConfig.js';
import type { StreamFaults } from '../../../../local/firehose/stream/streamFaults.js';
import type { InvocationResult } from '../../../../local/lambda/invocation.js';
import { openKillable } from '../../../helpers/killableStream.js';
import {
  bytesIn,
  echoed,
  lambdaProcessor,
  returned,
  type TestStream,
  type TransformEvent,
  testConfig,
  threw,
} from '../../../helpers/localStream.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

/** What a transform may answer for a record. */
const answers = ['Ok', 'Dropped', 'ProcessingFailed', 'missing', 'twice', 'null data', 'no keys', 'empty key'] as const;
type Answer = (typeof answers)[number];
/** What may come of an invocation. */
const results = ['answers', 'threw', 'timed out', 'crashed', 'no JSON', 'no records', 'unknown result'] as const;

function answered(event: TransformEvent, result: (typeof results)[number], each: readonly Answer[]): InvocationResult {
  switch (result) {
    case 'threw':
      return threw;
    case 'timed out':
      return { outcome: 'timed out', afterMs: 1 };
    case 'crashed':
      return { outcome: 'crashed', errorType: 'Runtime.ExitError', message: 'exit' };
    case 'no JSON':
      return { outcome: 'returned', payload: '{' };
    case 'no records':
      return { outcome: 'returned', payload: '{}' };
    case 'unknown result':
      return returned(event.records.map((record) => ({ ...echoed(record), result: 'OK' })));
    case 'answers':
      return returned(event.records.flatMap((record, index) => answerOf(record, each[index % each.length] ?? 'Ok')));
  }
}

function answerOf(record: TransformEvent['records'][number], answer: Answer): object[] {
  const ok = echoed(record);
  switch (answer) {
    case 'Ok':
      return [ok];
    case 'Dropped':
    case 'ProcessingFailed':
      return [{ ...ok, result: answer }];
    case 'missing':
      return [{ ...ok, recordId: 'another' }];
    case 'twice':
      return [ok, ok];
    case 'null data':
      return [{ ...ok, data: null }];
    case 'no keys':
      return [{ ...ok, metadata: undefined }];
    case 'empty key':
      return [{ ...ok, metadata: { partitionKeys: { type: '' } } }];
  }
}

const processors = fc
  .record({
    deaggregation: fc.constantFrom<readonly Processor[]>(
      [],
      [{ kind: 'deaggregation', subRecords: 'DELIMITED', delimiter: Buffer.from('\n') }],
      [{ kind: 'deaggregation', subRecords: 'JSON' }],
    ),
    lambda: fc.constantFrom<readonly Processor[]>([lambdaProcessor()], [lambdaProcessor({ bytes: 200, interval: 0 })]),
    delimiter: fc.constantFrom<readonly Processor[]>([], [{ kind: 'appendDelimiter' }]),
  })
  .map(({ deaggregation, lambda, delimiter }) => [...deaggregation, ...lambda, ...delimiter]);

const config: fc.Arbitrary<StreamConfig> = fc
  .record({ processors, backup: fc.boolean(), gzip: fc.boolean(), interval: fc.constantFrom(0, 60_000) })
  .map(({ processors, backup, gzip, interval }) => ({
    ...testConfig,
    processors,
    compression: gzip ? 'GZIP' : 'UNCOMPRESSED',
    extension: '',
    hints: { bytes: 5000, interval },
    backup: backup
      ? {
          prefix: new PrefixExpression('backup/'),
          errorPrefix: testConfig.errorPrefix,
          compression: gzip ? 'GZIP' : 'UNCOMPRESSED',
          extension: '',
          hints: { bytes: 300, interval },
        }
      : undefined,
  }));

/** Several lines a record, each with an id of its own that is found again wherever it goes. */
const batch = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 6 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), batch }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(0, 100, 20_000, 60_000) }),
  fc.record({ kind: fc.constant('flush' as const), wait: fc.boolean() }),
  fc.record({ kind: fc.constant('settle' as const), turns: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('kill' as const) }),
);
const chance = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });

it('delivers, backs up or reports every accepted record whatever the transform answers, whatever fails and whenever it is killed', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        config,
        steps: fc.array(step, { minLength: 1, maxLength: 12 }),
        results: fc.array(fc.constantFrom(...results), { minLength: 1, maxLength: 5 }),
        answers: fc.array(fc.constantFrom(...answers), { minLength: 1, maxLength: 6 }),
        throttles: chance,
        storeErrors: fc.array(fc.boolean(), { maxLength: 3 }),
        killedLast: fc.boolean(),
        redeliveries: fc.oneof(fc.constant<boolean[]>([false]), chance),
      }),
      async ({ config, steps, results, answers, throttles, storeErrors, killedLast, redeliveries }) => {
        const folder = await tempFolder();
        const next = <T>(list: readonly T[], otherwise: T) => {
          let turn = 0;
          return () => list[turn++ % list.length] ?? otherwise;
        };
        const [nextResult, nextRedelivery, nextThrottle] = [
          next(results, 'answers'),
          next(redeliveries, false),
          next(throttles, false),
        ];
        const errors = [...storeErrors];
        const faults: StreamFaults = {
          puts: (records) => (nextThrottle() ? Math.ceil(records / 2) : 0),
          invocation: () => undefined,
          store: () => (errors.shift() ? 'error' : undefined),
          redeliver: nextRedelivery,
        };
        const dropped = new Set<string>();
        const open = () =>
          openKillable(
            folder,
            (event) => {
              const result = answered(event, nextResult(), answers);
              for (const id of droppedBy(event, result)) dropped.add(id);
              return result;
            },
            { config, faults },
          );

        let opened = await open();
        const accepted: string[] = [];
        let nextLine = 0;
        for (const step of steps) {
          switch (step.kind) {
            case 'put': {
              const records = step.batch.map((lines) =>
                Array.from({ length: lines }, () => `{"id":"L${nextLine++}L"}\n`),
              );
              const count = await opened.stream.put(
                records.map((lines) => Buffer.from(lines.join(''))),
                'client',
              );
              accepted.push(...idsIn(records.slice(0, count).flat().join('')));
              break;
            }
            case 'advance':
              opened.clock.advance(step.ms);
              break;
            case 'flush':
              if (step.wait) await flushed(opened);
              else void opened.stream.flush().catch(() => undefined);
              break;
            case 'settle':
              for (let turn = 0; turn < step.turns; turn++) await new Promise((resolve) => setImmediate(resolve));
              break;
            case 'kill':
              await opened.kill();
              opened = await open();
              break;
          }
        }
        errors.length = 0;
        if (killedLast) {
          await opened.kill();
          opened = await open();
        }
        // An object that was refused before may be tried again by this very flush.
        for (let attempt = 0; !(await flushed(opened)); attempt++) expect(attempt).toBeLessThan(10);
        await opened.stream.close();

        const counts = new Map<string, number>();
        const backups = new Map<string, number>();
        for (const [key, bytes] of await bytesIn(folder)) {
          const plain = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes;
          const into = key.startsWith('backup/') ? backups : counts;
          const lines = key.startsWith('failed/') ? originalsOf(plain) : plain.toString();
          for (const id of idsIn(lines)) into.set(id, (into.get(id) ?? 0) + 1);
        }
        const once = redeliveries.every((each) => !each);
        for (const id of accepted) {
          const count = counts.get(id) ?? 0;
          if (count === 0) expect(dropped).toContain(id);
          if (once) expect(count).toBeLessThanOrEqual(1);
          expect(backups.get(id) ?? 0).toBe(config.backup === undefined ? 0 : 1);
        }
        expect([...counts.keys()].filter((id) => !accepted.includes(id))).toEqual([]);
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

/** Flushes while time passes; whether everything was delivered. */
async function flushed({ stream, clock }: TestStream): Promise<boolean> {
  let delivered: boolean | undefined;
  const flushing = stream.flush().then(
    () => true,
    () => false,
  );
  void flushing.then((result) => {
    delivered = result;
  });
  while (delivered === undefined) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return delivered;
}

function idsIn(text: string): string[] {
  return text.match(/L\d+L/g) ?? [];
}

/** The lines that an answer drops. */
function droppedBy(event: TransformEvent, result: InvocationResult): string[] {
  if (result.outcome !== 'returned' || !result.payload.includes('"Dropped"')) return [];
  const { records } = JSON.parse(result.payload) as { records: { recordId: string; result: string }[] };
  const ids = new Set(records.filter((each) => each.result === 'Dropped').map((each) => each.recordId));
  return event.records
    .filter(({ recordId }) => ids.has(recordId))
    .flatMap(({ data }) => idsIn(Buffer.from(data, 'base64').toString()));
}

/** What the lines of an error object hold in their rawData. */
function originalsOf(bytes: Buffer): string {
  const lines = bytes.toString().trimEnd().split('\n');
  return lines.map((line) => Buffer.from(JSON.parse(line).rawData, 'base64').toString()).join('\n');
}
