import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Journal, JournalDamagedError } from '../../../../local/firehose/stream/journal.js';
import { tempFolder } from '../../../helpers/tempFolder.js';

const accepted = (sequence: number, text = 'x') => ({
  kind: 'accepted' as const,
  records: [{ sequence, arrival: 1, data: Buffer.from(text) }],
});

const segments = async (folder: string) => (await readdir(folder)).sort();

describe('Journal', () => {
  it('has on disk what it acknowledged, in order, however many wait at once', async () => {
    const folder = await tempFolder();
    const { journal } = await Journal.open(folder);
    await Promise.all(Array.from({ length: 50 }, (_, index) => journal.append(accepted(index + 1), 1)));
    // Not closed: this is what a killed process leaves.
    const { entries, torn } = await Journal.open(folder);
    expect(torn).toBe(0);
    expect(entries.map(({ entry }) => entry)).toEqual([
      { kind: 'opened', nextSequence: 1 },
      ...Array.from({ length: 50 }, (_, index) => accepted(index + 1)),
    ]);
    await journal.close();
  });

  it('cuts a torn tail off and goes on in a new segment', async () => {
    const folder = await tempFolder();
    const first = await Journal.open(folder);
    await first.journal.append(accepted(1), 1);
    await first.journal.close();
    await appendFile(join(folder, '0000000001.journal'), Buffer.from([0, 0, 0, 90, 1, 2, 3]));

    const second = await Journal.open(folder);
    expect(second.torn).toBe(7);
    expect(second.entries.at(-1)?.entry).toEqual(accepted(1));
    second.journal.hold(1, 1);
    await second.journal.append(accepted(2), 1);
    await second.journal.close();

    const third = await Journal.open(folder);
    expect(third.torn).toBe(0);
    expect(third.entries.map(({ entry }) => entry)).toContainEqual(accepted(1));
    expect(third.entries.at(-1)).toEqual({ entry: accepted(2), segment: 2 });
  });

  it('refuses to go on over damage that no crash explains', async () => {
    const folder = await tempFolder();
    const { journal } = await Journal.open(folder, { segmentBytes: 1 });
    await journal.append(accepted(1), 1);
    await journal.append(accepted(2), 1);
    await journal.close();
    const path = join(folder, '0000000001.journal');
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 3));
    await expect(Journal.open(folder)).rejects.toThrow(JournalDamagedError);
    await expect(Journal.open(folder)).rejects.toThrow(/0000000001\.journal is damaged at byte \d+/);
  });

  it('refuses a last segment that was never one, instead of cutting all of it off', async () => {
    const folder = await tempFolder();
    await writeFile(join(folder, '0000000001.journal'), Buffer.alloc(1000, 'a log file of somebody else\n'));
    await expect(Journal.open(folder)).rejects.toThrow(JournalDamagedError);
    expect(await readFile(join(folder, '0000000001.journal'))).toHaveLength(1000);
  });

  it('deletes segments oldest first, once nothing in them is held', async () => {
    const folder = await tempFolder();
    const { journal } = await Journal.open(folder, { segmentBytes: 1 });
    const first = await journal.append(accepted(1), 1);
    const second = await journal.append(accepted(2), 1);
    const third = await journal.append(accepted(3), 1);
    expect([first, second, third]).toEqual([1, 2, 3]);

    journal.release(second);
    await journal.close();
    expect(await segments(folder)).toEqual(['0000000001.journal', '0000000002.journal', '0000000003.journal']);

    const again = (await Journal.open(folder)).journal;
    again.hold(third, 1);
    again.prune();
    await again.close();
    expect(await segments(folder)).toEqual(['0000000003.journal']);
  });

  it('starts a segment with the next sequence, so that numbers never start again', async () => {
    const folder = await tempFolder();
    const { journal } = await Journal.open(folder);
    journal.nextSequence = () => 4711;
    await journal.append(accepted(4711), 1);
    await journal.close();
    expect((await Journal.open(folder)).entries[0]?.entry).toEqual({ kind: 'opened', nextSequence: 4711 });
  });
});
