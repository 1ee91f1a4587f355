import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SignalQueue } from './queue.js';
import { VirtualTime } from './virtualTime.js';

const setting = { visibility: 30_000, maxReceives: 3 };
const message = { batch: { version: 1, id: 'a', signals: [] }, bytes: 1000, written: 0 } as const;

it('loses no message: each is deleted, comes again or is set aside', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ at: fc.nat(100_000), fails: fc.nat(4) }), { maxLength: 60 }),
      async (sends) => {
        const time = new VirtualTime(0);
        const queue = new SignalQueue(time, setting);
        const fails = new Map(sends.map(({ fails }, index) => [String(index), fails]));
        const received: string[] = [];
        const work = () => {
          for (const each of queue.receive(10, 1e6)) {
            const { id } = each.batch;
            received.push(id);
            if (each.receives > (fails.get(id) ?? 0)) queue.delete();
            else queue.leave(each, time.now());
          }
        };
        queue.watch(() => time.at(time.now() + 100, work));
        for (const [index, { at }] of sends.entries())
          time.at(at, () => queue.send({ ...message, batch: { ...message.batch, id: String(index) } }));
        await time.runUntil(1_000_000);
        const given = sends.filter((each) => each.fails >= setting.maxReceives).length;
        expect(queue.dead).toHaveLength(given);
        expect(queue.deleted).toBe(sends.length - given);
        expect(queue.isEmpty).toBe(true);
        expect(received).toHaveLength(
          sends.reduce((sum, each) => sum + Math.min(each.fails + 1, setting.maxReceives), 0),
        );
      },
    ),
  );
});

it("keeps to Little's law: the mean length is the rate of messages times how long they wait", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 }), async (times) => {
      const time = new VirtualTime(0);
      const queue = new SignalQueue(time, setting);
      let [waited, held, changed] = [0, 0, 0];
      const pass = () => {
        held += queue.length * (time.now() - changed);
        changed = time.now();
      };
      for (const at of times)
        time.at(at, () => {
          pass();
          queue.send(message);
        });
      for (let at = 13; at < 4000; at += 40)
        time.at(at, () => {
          pass();
          for (const { sent } of queue.receive(1, 1e6)) {
            waited += time.now() - sent;
            queue.delete();
          }
        });
      await time.runUntil(4000);
      expect(held).toBe(waited);
    }),
  );
});
