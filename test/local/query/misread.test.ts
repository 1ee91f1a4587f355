import { existsSync } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';
import { openDatabase } from '../../../local/query/database.js';
import { ReadableCopies } from '../../../local/query/misread.js';
import { tempFolder } from '../../helpers/tempFolder.js';

const member = (n: number) =>
  gzipSync(`${JSON.stringify({ ts: '2026-11-22 16:00:00.000', path: '/a', bytes: 1000 + n })}\n`, { level: 0 });

/** Members one of which begins 8 bytes behind the start of the last 32 KiB, or so many bytes before that. */
async function objectWith(extra: number): Promise<{ data: string; object: string; lines: number }> {
  const data = await tempFolder();
  const object = join(data, 's3/bucket/logs/type=access/arrived=2026-11-22-16/a.json.gz');
  await mkdir(dirname(object), { recursive: true });
  const members = Array.from({ length: 1000 }, (_, n) => member(n));
  const size = member(0).length;
  const tail = Math.floor(32_760 / size);
  // One of the last members is longer, so that they fill it.
  const padding = 32_760 - tail * size;
  members.splice(members.length - tail, 1, padded(member(0), padding + extra));
  await writeFile(object, Buffer.concat(members));
  return { data, object, lines: members.length };
}

/** The same line in a member with so many bytes more: an extra field of its header (RFC 1952). */
function padded(plain: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> {
  if (bytes < 2) return plain;
  const header = Buffer.from(plain.subarray(0, 10));
  header[3] = 4;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(bytes - 2);
  return Buffer.concat([header, length, Buffer.alloc(bytes - 2), plain.subarray(10)]);
}

it.each([0, 1, 7])(
  'reads every line of an object with a member at the end’s last 32 KiB, or %d bytes beside',
  async (extra) => {
    const { data, lines } = await objectWith(extra);
    const database = await openDatabase(data);
    const { rows } = await database.query('SELECT count(*), count(DISTINCT bytes), max(arrived), max(dt) FROM access');
    expect(rows[0]?.[0]).toBe(lines);
    expect(rows[0]?.slice(2)).toEqual(['2026-11-22-16', '2026-11-22']);
    database.close();
  },
);

it('makes a copy of such an object only, and removes it', async () => {
  const { object } = await objectWith(0);
  const copies = new ReadableCopies();
  const copy = copies.of(object);
  expect(copy).not.toBe(object);
  expect(copy).toMatch(/logs\/type=access\/arrived=2026-11-22-16\/a\.json\.gz$/);
  expect((await stat(copy)).size).toBeGreaterThan((await stat(object)).size);
  copies.remove();
  expect(existsSync(copy)).toBe(false);
  const other = (await objectWith(1)).object;
  expect(copies.of(other)).toBe(other);
});

it('is still needed', async () => {
  const { data, object, lines } = await objectWith(0);
  const database = await openDatabase(data, { unlocked: true });
  const { rows } = await database.query(`SELECT count(*) FROM read_json('${object}', format = 'newline_delimited')`);
  expect(Number(rows[0]?.[0])).toBeLessThan(lines);
  database.close();
});
