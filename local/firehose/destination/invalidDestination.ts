/** What CreateDeliveryStream and UpdateDestination would refuse; the message is the service's own text. */
export class InvalidDestination extends Error {
  override readonly name = 'InvalidDestination';
  constructor(
    message: string,
    /** The code of the service's answer. */
    readonly code: string = 'InvalidArgumentException',
  ) {
    super(message);
  }
}
