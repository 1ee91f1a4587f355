import { jest } from '@jest/globals';
import type { DeliveryStreamOptions } from '../../local/firehose/stream/deliveryStream.js';
import { Journal } from '../../local/firehose/stream/journal.js';
import type { InvocationResult } from '../../local/lambda/invocation.js';
import { ObjectFolder } from '../../local/s3/store/objectFolder.js';
import { bucketOf, openStream, type TestStream, type TransformEvent } from './localStream.js';

export interface KillableStream extends TestStream {
  /** Ends the stream as kill -9 would: what is being written gets there, and nothing after it. */
  kill(): Promise<void>;
}

const never = new Promise<never>(() => undefined);

/** A started stream that can be killed. */
export async function openKillable(
  folder: string,
  transform: (event: TransformEvent) => InvocationResult,
  more: Partial<DeliveryStreamOptions>,
): Promise<KillableStream> {
  let dead = false;
  const writing = new Set<Promise<unknown>>();
  const whileAlive = <T>(write: () => Promise<T>): Promise<T> => {
    if (dead) return never;
    const written = write();
    writing.add(written);
    void written.catch(() => undefined).then(() => writing.delete(written));
    return written;
  };

  const { folder: bucket } = bucketOf(folder);
  class MortalFolder extends ObjectFolder {
    override stage(...args: Parameters<ObjectFolder['stage']>) {
      return whileAlive(() => super.stage(...args));
    }
    override commit(...args: Parameters<ObjectFolder['commit']>) {
      return whileAlive(() => super.commit(...args));
    }
  }
  const objects = new MortalFolder(bucket, `${folder}/staging`);
  const opening = jest.spyOn(Journal, 'open');
  const opened = await openStream(folder, (event) => (dead ? never : transform(event)), {
    objects: () => objects,
    ...more,
  });
  const { journal } = await (opening.mock.results[0] as { readonly value: ReturnType<typeof Journal.open> }).value;
  opening.mockRestore();
  const append = journal.append.bind(journal);
  journal.append = (...args) => whileAlive(() => append(...args));
  opened.stream.start();
  return {
    ...opened,
    async kill() {
      dead = true;
      journal.prune = () => undefined;
      while (writing.size > 0) await Promise.allSettled(writing);
      await journal.close();
    },
  };
}
