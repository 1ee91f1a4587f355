import { describe, expect, it } from '@jest/globals';
import { parseLine } from '../../../../shared/parse/index.js';

it.each([
  '2026-11-22T16:41:02Z INFO order=1 id=2',
  '2026-11-22T16:41:02Z INFO [1/5] building',
  '2026-11-22T16:41:02Z INFO Retrying - attempt 2',
  "2026-11-22T16:41:02Z INFO KeyError: 'x'",
  '2026-11-22T16:41:02Z INFO https://shop.example.com: up',
  '2026-11-22T16:41:02Z INFO (deprecated) use the other',
  '2026-11-22T16:41:02Z INFO user logged in: anna',
])('%j keeps what stands behind the level in its message', (line) => {
  expect(parseLine(line).columns).toEqual({ level: 'info', message: line.slice('2026-11-22T16:41:02Z INFO '.length) });
});

it.each<[string, object]>([
  // What stands behind a sign belongs to the message.
  ['main.go:12: [cart] saved', { message: '[cart] saved' }],
  ['main.go:12 - [cart] saved', { message: '[cart] saved' }],
  ['[cart] saved', { logger: 'cart', message: 'saved' }],
])('what stands behind the level in %j is read', (text, columns) => {
  expect(parseLine(`2026-11-22T16:41:02Z INFO ${text}`).columns).toEqual({ level: 'info', ...columns });
});

describe('names in brackets behind the level', () => {
  const uuid = 'a8098c1a-f86e-11da-bd1a-00112444be1e';

  it.each<[string, Record<string, unknown>, [string, unknown][]]>([
    ['INFO [cart][worker-1] saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    ['INFO [cart] [node-1] saved', { logger: 'cart' }, [['context', 'node-1']]],
    ['INFO [cart](worker-1) saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    ['INFO (worker-1) [cart] saved', { logger: 'cart' }, [['thread', 'worker-1']]],
    [
      '[main] INFO [cart][worker-1] saved',
      { logger: 'cart' },
      [
        ['thread', 'main'],
        ['context', 'worker-1'],
      ],
    ],
    [
      'INFO [cart][worker-1][x] saved',
      { logger: 'cart' },
      [
        ['thread', 'worker-1'],
        ['context', 'x'],
      ],
    ],
    [
      '[main] INFO cart [order 7] - saved',
      { logger: 'cart' },
      [
        ['thread', 'main'],
        ['context', 'order 7'],
      ],
    ],
    ['[main] INFO cart [(null)] - saved', { logger: 'cart' }, [['thread', 'main']]],
    ['[main] INFO cart - saved', { logger: 'cart' }, [['thread', 'main']]],
    [
      '[worker/INFO] [main] cart: saved',
      { logger: 'cart' },
      [
        ['thread', 'worker'],
        ['context', 'main'],
      ],
    ],
    ['INFO [req-a1] cart: saved', { logger: 'cart', request_id: 'req-a1' }, []],
    ['7 INFO [req-a1] cart: saved', { logger: 'cart', request_id: 'req-a1' }, [['pid', 7]]],
    [
      '7 INFO [worker-1] cart: saved',
      { logger: 'cart' },
      [
        ['thread', 'worker-1'],
        ['pid', 7],
      ],
    ],
    [`INFO [${uuid}] cart: saved`, { logger: 'cart', request_id: uuid }, []],
    [`INFO [0${uuid.slice(1)}] cart: saved`, { logger: 'cart', request_id: `0${uuid.slice(1)}` }, []],
    [`7 INFO [${uuid}] cart: saved`, { logger: 'cart', request_id: uuid }, [['pid', 7]]],
  ])('%s', (text, columns, fields) => {
    expect(parseLine(`2026-11-22T16:41:02Z ${text}`)).toEqual({
      type: 'app',
      time: Date.UTC(2026, 10, 22, 16, 41, 2),
      columns: { level: 'info', message: 'saved', ...columns },
      fields,
    });
  });
});
