import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkLogFile, type Lines, linesOf, linesOfFile, serviceOf } from '../../../local/ship/logFile.js';
import { tempFolder } from '../../helpers/tempFolder.js';

async function all(lines: Lines): Promise<string[]> {
  const found: string[] = [];
  for await (const chunk of lines) found.push(...chunk);
  return found;
}

async function fileWith(content: Buffer | string, name = 'web.log'): Promise<string> {
  const file = join(await tempFolder(), name);
  await writeFile(file, content);
  return file;
}

const read = (file: string) => all(linesOfFile(file, () => undefined));

describe('linesOfFile', () => {
  it.each([
    ['LF', 'one\ntwo\n', ['one', 'two']],
    ['CR LF', 'one\r\ntwo\r\n', ['one', 'two']],
    ['no break at the end', 'one\ntwo', ['one', 'two']],
    ['blank lines', 'one\n\ntwo\n', ['one', '', 'two']],
    ['nothing', '', []],
    ['a byte order mark', '\ufeffone\n', ['one']],
  ])('reads %s', async (_, text, lines) => {
    expect(await read(await fileWith(text))).toEqual(lines);
  });

  it('inflates gzip of several members', async () => {
    const file = await fileWith(Buffer.concat([gzipSync('one\nt'), gzipSync('wo\n')]), 'web.log.gz');
    expect(await checkLogFile(file)).toBeGreaterThan(0);
    expect(await read(file)).toEqual(['one', 'two']);
  });

  it('reads what PowerShell writes: UTF-16 with a byte order mark', async () => {
    expect(await read(await fileWith(Buffer.from('\ufeffgrün\r\ntwo\r\n', 'utf16le')))).toEqual(['grün', 'two']);
  });

  it('names a file whose gzip data is cut', async () => {
    const whole = gzipSync('line\n'.repeat(1000));
    const file = await fileWith(whole.subarray(0, whole.length - 10));
    await checkLogFile(file);
    await expect(read(file)).rejects.toThrow(`the gzip data of ${file} is cut or damaged`);
  });

  it('gives the lines of a text however its bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\0]/g, ''))),
        fc.integer({ min: 1, max: 7 }),
        async (lines, size) => {
          const bytes = Buffer.from(lines.map((line) => `x${line}\n`).join(''));
          const chunks = async function* () {
            for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
          };
          expect(await all(linesOf(chunks(), 'it'))).toEqual(lines.map((line) => `x${line}`));
        },
      ),
    );
  });
});

describe('checkLogFile', () => {
  it.each([
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1]), 'holds binary data'],
    ['a gzipped tar', gzipSync(Buffer.concat([Buffer.from('a.log'), Buffer.alloc(100)])), 'holds binary data'],
    ['zstd', Buffer.from('28b52ffd2400', 'hex'), 'is compressed with zstd: zstd -dc'],
    ['xz', Buffer.from('fd377a585a000004', 'hex'), 'is compressed with xz: xz -dc'],
    ['zip', Buffer.from('504b030414000000', 'hex'), 'is compressed with zip: unzip -p'],
  ])('refuses %s', async (_, content, message) => {
    await expect(checkLogFile(await fileWith(content))).rejects.toThrow(message);
  });
});

it.each([
  ['/var/log/nginx/access.log', 'access'],
  ['web.access.log.gz', 'web'],
  ['.env', '.env'],
])('calls the service of %s %s', (file, service) => {
  expect(serviceOf(file)).toBe(service);
});
