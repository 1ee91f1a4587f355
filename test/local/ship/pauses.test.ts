import { expect, it } from '@jest/globals';
import { aggregate } from '../../../local/ship/collector.js';
import { pause, withPauses } from '../../../local/ship/pauses.js';

it('puts a pause behind the lines of a pipe that stays open', async () => {
  async function* pipe() {
    yield ['one\n', 'two\n'];
    await new Promise(() => undefined);
  }
  const paced = withPauses(pipe(), 1);
  const seen = [];
  for (let index = 0; index < 3; index++) seen.push((await paced.next()).value);
  expect(seen).toEqual(['one\n', 'two\n', pause]);
});

it('ends with its source', async () => {
  async function* source() {
    yield ['one\n'];
  }
  const seen = [];
  for await (const each of withPauses(source(), 60_000)) seen.push(each);
  expect(seen).toEqual(['one\n']);
});

it('seals an aggregate at a pause, and none at two in a row', async () => {
  const lines = [];
  for await (const each of aggregate(['one\n', 'two\n', pause, pause, 'three\n'])) lines.push(each.lines);
  expect(lines).toEqual([2, 1]);
});
