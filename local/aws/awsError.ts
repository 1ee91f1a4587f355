/** An answer that AWS gives instead of a result; the SDKs raise it by its code. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  constructor(
    /** Such as `ResourceNotFoundException`. */
    readonly code: string,
    message: string,
    /** Modelled faults of the service are 5xx, everything else is 400. */
    readonly status = 400,
  ) {
    super(message);
  }
}

/** The error for a request that breaks the service model's constraints, in the wording of AWS. */
export function validationError(problems: readonly string[]): AwsError {
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return new AwsError('ValidationException', `${count}: ${problems.join('; ')}`);
}

/** A JSON body that isn't one, or a member of the wrong JSON type. */
export function serializationError(message: string): AwsError {
  return new AwsError('SerializationException', message);
}
