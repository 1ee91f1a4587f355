import { setTimeout as sleep } from 'node:timers/promises';

/** Stands among records where what came so far is to be sent, since more may be long in coming. */
export const pause = Symbol('pause');

/** Records, and where the sender is to wait no longer for more. */
export type PacedRecords = AsyncIterable<string | typeof pause> | Iterable<string | typeof pause>;

/**
 * Records that come when they come. A while after the first of them there is a pause, unless more are there already: a
 * sender that is slower than its source is to send full records.
 */
export async function* withPauses(
  chunks: AsyncIterable<readonly string[]>,
  ms: number,
): AsyncGenerator<string | typeof pause> {
  const iterator = chunks[Symbol.asyncIterator]();
  let next = iterator.next();
  let due: Promise<typeof pause> | undefined;
  for (;;) {
    let result = await (due ? Promise.race([next, due]) : next);
    if (result === pause) result = await Promise.race([next, sleep(moment, pause)]);
    if (result === pause) {
      due = undefined;
      yield pause;
    } else {
      if (result.done) return;
      yield* result.value;
      due ??= sleep(ms, pause, { ref: false });
      next = iterator.next();
    }
  }
}

/** Milliseconds within which a source that has more gives it. */
const moment = 20;
