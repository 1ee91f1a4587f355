import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FirehoseTransformationEvent } from 'aws-lambda';

export type Wire = 'plain' | 'aggregated' | 'aggregated-gzip';
export const wires: readonly Wire[] = ['plain', 'aggregated', 'aggregated-gzip'];

/** The requests a real Fluent Bit sent: each the raw `Data` of its records. */
export function wireRequests(wire: Wire): Buffer[][] {
  const file = new URL(`../fixtures/wire/fluent-bit-${wire}.ndjson.gz`, import.meta.url);
  return gunzipSync(readFileSync(file))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).Records.map(({ Data }: { Data: string }) => Buffer.from(Data, 'base64')));
}

/** Two minutes after the wire's lines were read by Fluent Bit. */
export const arrival = Date.parse('2026-11-22T16:45:00Z');

/** An invocation of the transform, as Firehose makes it. */
export function transformEvent(
  data: readonly (Buffer | string)[],
  approximateArrivalTimestamp = arrival,
): FirehoseTransformationEvent {
  return {
    invocationId: 'e1f4f3a5-3a51-4b6e-8d5e-5f2f6c1d0a11',
    deliveryStreamArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/logs',
    region: 'us-east-1',
    records: data.map((each, index) => ({
      recordId: `4964091282117881783351798646616894514717062757285573427${String(index).padStart(7, '0')}`,
      approximateArrivalTimestamp,
      data: Buffer.from(each).toString('base64'),
    })),
  };
}

/** A FireLens record of one line, as Fluent Bit writes it. */
export function fireLens(log: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({
    container_id: '7765623030303030303030303030303030303030303030303030303030303030',
    container_name: 'web',
    source: 'stdout',
    log,
    ecs_cluster: 'prod',
    ecs_task_arn: 'arn:aws:ecs:eu-west-1:123456789012:task/prod/5b0d9a1c7a7a4e5a9f3e',
    ecs_task_definition: 'web:42',
    time: '2026-11-22T16:42:53.974000001Z',
    ...more,
  })}\n`;
}

/** The rows that a transform's carriers hold. */
export function rowsOf(records: readonly { readonly data?: string | undefined }[]): Record<string, unknown>[] {
  return records
    .filter(({ data }) => data)
    .flatMap(({ data = '' }) => gunzipSync(Buffer.from(data, 'base64')).toString('utf8').trimEnd().split('\n'))
    .map((line) => JSON.parse(line));
}
