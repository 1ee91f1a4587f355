import { gunzipSync } from 'node:zlib';
import { record as bounds } from '../../../../shared/bounds.js';
import type { Prepared } from './prepared.js';

/**
 * The Decompression processor: a gzip of CloudWatch Logs becomes its content.
 *
 * @see https://docs.aws.amazon.com/firehose/latest/dev/decomp-faq.html
 */
export function decompress(data: Buffer): Prepared {
  try {
    return { kind: 'ready', records: [gunzipSync(data, { maxOutputLength: bounds.maxInflatedBytes })] };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      failure: {
        errorType: 'decompression-failed',
        code: 'Decompression.Failed',
        message: `The record could not be decompressed: it is not GZIP, or damaged (${cause}).`,
      },
    };
  }
}
