import { expect, it } from '@jest/globals';
import { parseLine } from '../../../../shared/parse/index.js';
import { isEntry } from '../../../../shared/parse/json/heldLine.js';

it('an error without a message is not looked for in its own line, which it has for a message', () => {
  const line = '{"level":"error","request":"GET \\"/\\" HTTP/1.1","status":"odd"}';
  expect(parseLine(line)).toMatchObject({ type: 'error', columns: { level: 'error', message: line } });
});

it('an access line in the message of a JSON line is an access line', () => {
  const held = '10.0.0.1 - - [22/Nov/2026:16:41:02 +0000] "GET /a HTTP/1.1" 200 7 "-" "curl"';
  expect(parseLine(JSON.stringify({ level: 'info', message: held }))).toMatchObject({
    type: 'access',
    columns: { path: '/a', status: 200 },
  });
});

it.each([
  [{ level: 'error', message: 'no', stack: 'Error: no' }, true],
  [{ message: 'no', stack: 'Error: no' }, false],
] as const)('an error with a stack is an entry when it states its level: %j', (object, isOne) => {
  expect(isEntry({ level: 'error', message: 'no', stack: 'Error: no' }, object)).toBe(isOne);
});

it('an error that states no level but has no stack either is an entry', () => {
  expect(isEntry({ level: 'error', message: 'no' }, { error: 'no' })).toBe(true);
});
