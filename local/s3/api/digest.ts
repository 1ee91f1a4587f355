import { createHash } from 'node:crypto';
import type { Checksum, ChecksumAlgorithm } from '../store/description.js';
import { type RunningChecksum, runningChecksum } from './checksums.js';

/** What is calculated of bytes while they pass. */
export class Digest {
  private readonly md5 = createHash('md5');
  private readonly checksum: RunningChecksum;
  private bytes = 0;

  constructor(private readonly algorithm: ChecksumAlgorithm) {
    this.checksum = runningChecksum(algorithm);
  }

  async *through(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      this.md5.update(chunk);
      this.checksum.update(chunk);
      this.bytes += chunk.length;
      yield chunk;
    }
  }

  async result(): Promise<{ readonly md5: string; readonly size: number; readonly checksum: Checksum }> {
    const value = (await this.checksum.digest()).toString('base64');
    const checksum: Checksum = { algorithm: this.algorithm, value, type: 'FULL_OBJECT' };
    return { md5: this.md5.digest('hex'), size: this.bytes, checksum };
  }
}
