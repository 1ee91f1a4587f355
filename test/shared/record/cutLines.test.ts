import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { rowsOf } from '../../helpers/rows.js';

const access = '203.0.113.9 - - [29/Nov/2026:21:00:00 +0000] "GET /cart HTTP/1.1" 200 512 "-" "curl/8.5.0"';

it('makes of a cut line the row of the whole one, whatever its parts look like and whatever stands between them', () => {
  // What is in the rest of a line may be a whole line of another kind by itself.
  const piece = fc.oneof(fc.stringMatching(/^[a-z]{1,9}$/), fc.constantFrom(access, '{"msg":"x"}', ' ', '{', 'at x'));
  const line = fc.array(piece, { minLength: 1, maxLength: 4 });
  const pod = fc.record({ pod: fc.constantFrom('a', 'b'), stream: fc.constantFrom('stdout', 'stderr') });
  fc.assert(
    fc.property(fc.array(fc.tuple(pod, line), { maxLength: 6 }), fc.infiniteStream(fc.nat()), (written, order) => {
      const queues = new Map<string, string[]>();
      for (const [index, [{ pod, stream }, pieces]] of written.entries()) {
        const parts = [`line number ${index} is `, ...pieces];
        const records = parts.map((log, at) => record({ pod, stream, log, isLast: at === parts.length - 1 }));
        queues.set(`${pod} ${stream}`, [...(queues.get(`${pod} ${stream}`) ?? []), ...records]);
      }
      const sent: string[] = [];
      while (queues.size > 0) {
        const names = [...queues.keys()];
        const name = names[(order.next().value ?? 0) % names.length] ?? '';
        const queue = queues.get(name) ?? [];
        sent.push(queue.shift() ?? '');
        if (queue.length === 0) queues.delete(name);
      }
      const whole = written.map(([{ pod, stream }, pieces], index) =>
        record({ pod, stream, log: `line number ${index} is ${pieces.join('')}`, isLast: true }),
      );
      // Each container has written before, so that its records follow a template and its lines may take a lane.
      expect(sorted(rowsOf([...known, ...sent]))).toEqual(sorted(rowsOf([...known, ...whole])));
    }),
  );
});

it('reads a cut line of JSON or access as what it is', () => {
  const json = `{"level":"error","msg":"${'x'.repeat(20_000)}"}`;
  const rows = rowsOf([
    ...known,
    record({ pod: 'a', stream: 'stdout', log: json.slice(0, 16_384), isLast: false }),
    record({ pod: 'a', stream: 'stdout', log: json.slice(16_384), isLast: true }),
    record({ pod: 'a', stream: 'stdout', log: access.slice(0, 50), isLast: false }),
    record({ pod: 'a', stream: 'stdout', log: access.slice(50), isLast: true }),
  ]);
  const error = rows.find(({ type }) => type === 'error');
  expect(error).toMatchObject({ service: 'shop', source: 'stdout', task: 'a', message: 'x'.repeat(20_000) });
  expect(rows.filter(({ path }) => path === '/cart')).toHaveLength(1 + known.length / 2);
});

it('keeps a part whose rest does not come', () => {
  const parts = [{ pod: 'a', stream: 'stdout', log: 'begun', isLast: false }];
  expect(rowsOf(parts.map(record))).toMatchObject([{ message: 'begun', task: 'a' }]);
});

interface Part {
  readonly pod: string;
  readonly stream: string;
  readonly log: string;
  readonly isLast: boolean;
}

function record({ pod, stream, log, isLast }: Part): string {
  const kubernetes = { pod_name: pod, labels: { app: 'shop' }, docker_id: pod.repeat(64) };
  return JSON.stringify({
    stream,
    logtag: isLast ? 'F' : 'P',
    log,
    kubernetes,
    time: '2026-11-22T16:42:53.974000001Z',
  });
}

const known = ['a', 'b'].flatMap((pod) =>
  ['stdout', 'stderr'].flatMap((stream) =>
    [access, '{"msg":"known"}'].map((log) => record({ pod, stream, log, isLast: true })),
  ),
);

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
