/** What is kept of an object beside its bytes. */
export interface Description {
  /** MD5 in hex; of an object in parts the MD5 of their MD5s, a hyphen and their number. Without quotes. */
  readonly etag: string;
  /** Headers that every answer with the object repeats, such as `content-type`, by their names in lower case. */
  readonly headers: { readonly [name: string]: string };
  /** `x-amz-meta-` headers by what follows that. */
  readonly metadata: { readonly [name: string]: string };
  readonly tags: { readonly [key: string]: string };
  /** Undefined for what did not come through the S3 API. */
  readonly checksum?: Checksum | undefined;
  /** Of an object that was uploaded in parts, in their order. */
  readonly parts?: readonly ObjectPart[] | undefined;
}

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** In base64; a composite one with a hyphen and the number of parts behind it. */
  readonly value: string;
  readonly type: ChecksumType;
}

export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** Of the whole object, or of the checksums of its parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

interface ObjectPart {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  readonly checksum?: string | undefined;
}

/** The description of a file that came with nothing but its bytes. */
export function bareDescription(etag: string): Description {
  return { etag, headers: {}, metadata: {}, tags: {} };
}
