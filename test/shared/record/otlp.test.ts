import { describe, expect, it } from '@jest/globals';
import { Origin, unknownOrigin } from '../../../shared/line/origin.js';
import { openOtlp } from '../../../shared/record/otlp.js';
import { fireLens } from '../../helpers/firehose.js';
import { rowsOf } from '../../helpers/rows.js';

const request = {
  resourceLogs: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { stringValue: 'shop' } },
          { key: 'host.name', value: { stringValue: 'web-1' } },
          { key: 'k8s.cluster.name', value: { stringValue: 'green' } },
          { key: 'cloud.region', value: { stringValue: 'eu-west-1' } },
        ],
      },
      scopeLogs: [
        {
          scope: { name: 'cart' },
          logRecords: [
            { timeUnixNano: '1795858862000000000', severityNumber: 17, body: { stringValue: 'db down' } },
            { timeUnixNano: '1795858863000000000', severityNumber: 9, body: { stringValue: 'db up' } },
          ],
        },
      ],
    },
    { scopeLogs: [{ logRecords: [{ body: { stringValue: 'of nobody' }, severityText: 'WARN' }] }] },
  ],
};
const json = JSON.stringify(request);

describe('an OTLP request', () => {
  it('becomes a row for each record, alone or as the line of a container, whose name then wins', () => {
    const records = [
      { type: 'error', level: 'error', message: 'db down', logger: 'cart', ts: '2026-11-28 09:41:02.000' },
      { type: 'app', level: 'info', message: 'db up', logger: 'cart', ts: '2026-11-28 09:41:03.000' },
      { type: 'app', level: 'warn', message: 'of nobody' },
    ];
    const alone = rowsOf([json]);
    expect(alone).toMatchObject(records);
    expect(alone.map(({ service }) => service)).toEqual(['shop', 'shop', undefined]);
    expect(alone.map(({ task }) => task)).toEqual(['web-1', 'web-1', undefined]);
    expect(alone[0]).toMatchObject({ cluster: 'green' });
    expect(JSON.parse(String(alone[0]?.fields))).toEqual({ resource: { 'cloud.region': 'eu-west-1' } });
    // The second one's record follows the template of the first.
    const rows = rowsOf([fireLens('up', { container_name: 'collector' }), fireLens(json)]);
    // A line of text waits for what may continue it, and comes last.
    const held = rows.slice(0, -1);
    expect(rows.at(-1)).toMatchObject({ message: 'up' });
    expect(held).toMatchObject(records);
    expect(held[0]?.service).not.toBe('shop');
    expect(held[0]).toMatchObject({ task: '5b0d9a1c7a7a4e5a9f3e', cluster: 'prod' });
    expect(JSON.parse(String(held[0]?.fields)).resource).toEqual({
      'service.name': 'shop',
      'host.name': 'web-1',
      'k8s.cluster.name': 'green',
      'cloud.region': 'eu-west-1',
    });
  });

  it('keeps a resource that names a key twice, or holds what is no attribute', () => {
    const name = { key: 'service.name', value: { stringValue: 'shop' } };
    for (const odd of [{ key: 'service.name', value: { stringValue: 'other' } }, { key: 7 }, null]) {
      const attributes = [name, odd];
      const log = { resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [{ body: {} }] }] }] };
      const [event] = openOtlp({ log, time: 7, origin: unknownOrigin }) ?? [];
      expect(event?.origin).toMatchObject({ service: 'shop', extra: [['resource', { attributes }]] });
    }
  });

  it('has its records on the streams that they name', () => {
    const record = (stream: string) => ({
      body: { stringValue: stream },
      attributes: [{ key: 'log.iostream', value: { stringValue: stream } }],
    });
    const log = { resourceLogs: [{ scopeLogs: [{ logRecords: ['stdout', 'stderr', 'stdout'].map(record) }] }] };
    const events = openOtlp({ log, time: 7, origin: unknownOrigin }) ?? [];
    expect(events.map(({ origin }) => origin.source)).toEqual(['stdout', 'stderr', 'stdout']);
    expect(events[0]?.origin).toBe(events[2]?.origin);
  });

  it('is opened when the collector has parsed it', () => {
    expect(openOtlp({ log: request, time: 7, origin: new Origin({ source: 'stdout' }) })).toMatchObject([
      { time: 7, origin: { service: 'shop', source: 'stdout' } },
      {},
      {},
    ]);
  });

  it.each([
    '{"resourceLogs":[]}',
    '{"resourceLogs":7}',
    '{"resourceLogs":[{"scopeLogs":[{}]},3]}',
    '{"resourceLogs":[',
    '{"message":"resourceLogs"}',
    'resourceLogs',
  ])('without a record is none: %s', (log) => {
    expect(openOtlp({ log, time: undefined, origin: unknownOrigin })).toBeUndefined();
  });
});
