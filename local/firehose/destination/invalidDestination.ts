/** What CreateDeliveryStream and UpdateDestination would refuse; the message is the service's own text. */
export class InvalidDestination extends Error {
  override readonly name = 'InvalidDestination';
  constructor(
    message: string,
    /** The code of the service's answer. */
    readonly code: string = 'InvalidArgumentException',
    /** What the service leaves unsaid: the letter in a pattern, for example. */
    readonly detail?: string,
  ) {
    super(message);
  }
}

/** @throws InvalidDestination in the service's words. */
export function refuse(message: string): never {
  throw new InvalidDestination(message);
}
