import { createHash } from 'node:crypto';
import { s3 } from '../../../shared/limits.js';

/** What S3 would not take as a key. */
export class ObjectKeyError extends Error {
  override readonly name = 'ObjectKeyError';
  constructor(key: string) {
    super(
      `The key ${JSON.stringify(key)} is none that S3 takes: it must have 1 to ${s3.maxKeyBytes} bytes of valid Unicode.`,
    );
  }
}

/** Whether S3 takes a key; it takes any text that isn't too long. */
export function isObjectKey(key: string): boolean {
  return key !== '' && Buffer.byteLength(key) <= s3.maxKeyBytes && !/\p{Surrogate}/u.test(key);
}

/** The folder in a bucket for what can't be a plain file there, and for what a file can't hold. */
export const sideFolder = '.firesplit';

/**
 * Whether a key is also a path below a folder, the same on every file system of this platform. The objects of other keys
 * are files of the side folder.
 */
export function isPlainKey(key: string): boolean {
  const parts = key.split('/');
  return isObjectKey(key) && parts[0]?.toLowerCase() !== sideFolder && parts.every(isFileName);
}

/** The most that any file system in use takes as one name, in bytes. */
const maxNameBytes = 255;

function isFileName(part: string): boolean {
  return (
    part !== '' &&
    part !== '.' &&
    part !== '..' &&
    Buffer.byteLength(part) <= maxNameBytes &&
    !/[\\\u0000-\u001f\u007f]/.test(part) &&
    (process.platform !== 'win32' || isWindowsName(part))
  );
}

/** https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file */
function isWindowsName(part: string): boolean {
  return !/[<>:"|?*]|[. ]$|^(con|prn|aux|nul|(com|lpt)[0-9¹²³])(\.|$)/i.test(part);
}

/** The name of a key's files in the side folder: the same length for every key, and never one name for two keys. */
export function sideName(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** S3's order of keys: that of their bytes in UTF-8, which differs from JavaScript's beyond U+D7FF. */
export function compareKeys(a: string, b: string): number {
  // Without surrogates the two orders are the same, and JavaScript's own comparison is far quicker.
  if (!/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
