import { Encoder, ExtData } from '@msgpack/msgpack';

/** What the log driver sends for a line: all values are text. */
export type ForwardRecord = Readonly<Record<string, string>>;

const encoder = new Encoder();

/**
 * An entry of the forward protocol in message mode: `[tag, EventTime, record, option]`. EventTime is extension 0: seconds and
 * nanoseconds, 32 bits each.
 *
 * @param time ns since the epoch
 * @see https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1
 */
export function forwardMessage(tag: string, time: bigint, record: ForwardRecord): Uint8Array {
  const eventTime = Buffer.alloc(8);
  eventTime.writeUInt32BE(Number(time / SECOND), 0);
  eventTime.writeUInt32BE(Number(time % SECOND), 4);
  return encoder.encode([tag, new ExtData(0, eventTime), record, {}]);
}

const SECOND = 1_000_000_000n;
