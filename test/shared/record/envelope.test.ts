import { expect, it } from '@jest/globals';
import { openEnvelope } from '../../../shared/record/envelope.js';
import { fireLens } from '../../helpers/firehose.js';

it('opens a FireLens record', () => {
  expect(openEnvelope(fireLens('hello', { partial_id: 'p' }))).toEqual([
    {
      log: 'hello',
      time: Date.parse('2026-11-22T16:42:53.974Z'),
      origin: {
        service: 'web',
        source: 'stdout',
        cluster: 'prod',
        task: '5b0d9a1c7a7a4e5a9f3e',
        extra: [
          ['container_id', '7765623030303030303030303030303030303030303030303030303030303030'],
          ['ecs_task_definition', 'web:42'],
          ['partial_id', 'p'],
        ],
      },
    },
  ]);
});

it('takes the line from a record whose log a parser filter has spread', () => {
  const [event] = openEnvelope(
    '{"container_name":"/api","source":"stderr","level":"info","msg":"x","time":"2026-11-22T16:42:53Z"}',
  );
  expect(event).toMatchObject({
    log: { level: 'info', msg: 'x', time: '2026-11-22T16:42:53Z' },
    time: undefined,
    origin: { service: 'api', source: 'stderr' },
  });
});

it('unwraps a JSON object that was logged as a JSON string', () => {
  expect(openEnvelope(fireLens(JSON.stringify('{"msg":"x"}')))[0]?.log).toBe('{"msg":"x"}');
});

it('takes each object of an array as an event', () => {
  expect(openEnvelope('[{"msg":"a"},{"container_name":"web","log":"b"}]').map(({ log }) => log)).toEqual([
    { msg: 'a' },
    'b',
  ]);
});

it.each(['plain', '{"msg":"x"}', '[]', '[1]', '{"broken', '{}', 'null', '"text"'])(
  'takes %j as the line itself',
  (line) => {
    expect(openEnvelope(line)).toEqual([{ log: line, time: undefined, origin: { extra: [] } }]);
  },
);

it('loses no digit of a line that a parser filter has spread', () => {
  const [event] = openEnvelope('{"container_name":"api","id":12345678901234567890,"msg":"x"}');
  expect(event?.log).toEqual({ id: '12345678901234567890', msg: 'x' });
});
