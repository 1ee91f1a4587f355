import type { Failure } from '../transform/processors/failure.js';

/** A record that failed, and what is known of its way there; times are ms since the epoch. */
interface Failed {
  readonly failure: Failure;
  readonly attempts: number;
  readonly arrival: number;
  readonly endedAt: number;
  readonly data: Buffer;
  /** Of the stream's transform, if it has one. */
  readonly lambdaArn: string | undefined;
}

/** One line of the error output, with the fields in the order of AWS's documentation. */
export function errorLine({ failure, attempts, arrival, endedAt, data, lambdaArn }: Failed): Buffer {
  const line = JSON.stringify({
    attemptsMade: attempts,
    arrivalTimestamp: arrival,
    errorCode: failure.code,
    errorMessage: failure.message,
    attemptEndingTimestamp: endedAt,
    rawData: data.toString('base64'),
    lambdaArn,
  });
  return Buffer.from(`${line}\n`);
}
