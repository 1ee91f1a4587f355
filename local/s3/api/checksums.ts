import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { type ChecksumAlgorithm, checksumAlgorithms } from '../store/description.js';

/** A checksum that is being calculated. */
export interface RunningChecksum {
  update(chunk: Uint8Array): void;
  digest(): Promise<Buffer>;
}

export function runningChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  return started[algorithm]();
}

export async function checksumOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Promise<string> {
  const running = runningChecksum(algorithm);
  running.update(bytes);
  return (await running.digest()).toString('base64');
}

/** The checksum of the checksums of an object's parts. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Promise<string> {
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return `${await checksumOf(algorithm, joined)}-${parts.length}`;
}

/** Whether text is the base64 of as many bytes as a checksum has. */
export function isChecksum(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === lengths[algorithm] && bytes.toString('base64') === text;
}

export function isChecksumAlgorithm(name: string): name is ChecksumAlgorithm {
  return checksumAlgorithms.some((algorithm) => algorithm === name);
}

/** Such as `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

const lengths: { readonly [algorithm in ChecksumAlgorithm]: number } = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

const started: { readonly [algorithm in ChecksumAlgorithm]: () => RunningChecksum } = {
  CRC32: runningCrc32,
  CRC32C: () => fromSdk(new Crc32c()),
  CRC64NVME: () => fromSdk(new Crc64Nvme()),
  SHA1: () => runningHash('sha1'),
  SHA256: () => runningHash('sha256'),
};

function runningCrc32(): RunningChecksum {
  let sum = 0;
  return {
    update(chunk) {
      sum = crc32(chunk, sum);
    },
    async digest() {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      return bytes;
    },
  };
}

function fromSdk(checksum: { update(chunk: Uint8Array): void; digest(): Promise<Uint8Array> }): RunningChecksum {
  return { update: (chunk) => checksum.update(chunk), digest: async () => Buffer.from(await checksum.digest()) };
}

function runningHash(name: 'sha1' | 'sha256'): RunningChecksum {
  const hash = createHash(name);
  return { update: (chunk) => void hash.update(chunk), digest: async () => hash.digest() };
}
