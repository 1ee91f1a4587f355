import { describe, expect, it } from '@jest/globals';
import { BatchLedger } from '../../../shared/alerts/batchLedger.js';
import { MemoryStateStore } from '../../../shared/alerts/simulation/memoryStore.js';
import type { SignalBatch } from '../../../shared/signals/signal.js';
import { aSignal, T0 } from '../../helpers/alerts.js';

const id = '0123456789abcdef'.repeat(4);
const short = id.slice(0, 16);
const message = (key: string, messages?: number): SignalBatch => ({
  version: 1,
  id,
  ...(messages === undefined ? {} : { messages }),
  signals: [aSignal({ key })],
});
const ledgerOn = (store: MemoryStateStore) => new BatchLedger(store, () => T0);

describe('the ledger of batches', () => {
  it('counts a message until it is done with, and not again', async () => {
    const store = new MemoryStateStore();
    expect(await ledgerOn(store).open(message('a', 1))).toBe(true);
    expect(await ledgerOn(store).open(message('a', 1))).toBe(true);
    await ledgerOn(store).close(message('a', 1));
    expect(await ledgerOn(store).open(message('a', 1))).toBe(false);
  });

  it('has keys remember a batch of several messages until all are done with', async () => {
    const store = new MemoryStateStore();
    const ledger = ledgerOn(store);
    for (const key of ['a', 'b']) await ledger.open(message(key, 2));
    await ledger.close(message('a', 2));
    expect(ledger.isSettled(short)).toBe(false);
    expect(await ledgerOn(store).open(message('a', 2))).toBe(false);
    expect(await ledgerOn(store).open(message('b', 2))).toBe(true);
    await ledger.close(message('b', 2));
    expect(ledger.isSettled(short)).toBe(true);
  });

  it('looks up what another instance had, and takes what has no entry for what can not come again', async () => {
    const store = new MemoryStateStore();
    const [mine, theirs] = [ledgerOn(store), ledgerOn(store)];
    await theirs.open(message('a', 1));
    const gone = 'f'.repeat(16);
    const known = () => [short, gone].map((batch) => mine.isSettled(batch));
    expect(known()).toEqual([false, false]);
    await mine.lookUp();
    expect(known()).toEqual([false, true]);
    await theirs.close(message('a', 1));
    await mine.lookUp();
    expect(known()).toEqual([true, true]);
  });

  it('never takes a batch for settled whose messages nobody has counted', async () => {
    const store = new MemoryStateStore();
    const ledger = ledgerOn(store);
    const keys = Array.from({ length: 16 }, (_, index) => `${index}`);
    for (const key of keys) {
      expect(await ledger.open(message(key))).toBe(true);
      await ledger.close(message(key));
      expect(ledger.isSettled(short)).toBe(false);
      expect(await ledger.open(message(key))).toBe(false);
    }
    expect(await ledger.open(message('other'))).toBe(true);
  });
});
