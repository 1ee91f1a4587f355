/** The account that the templates are resolved for: a laptop's, unless a test says otherwise. */
export interface Account {
  readonly region: string;
  readonly id: string;
  readonly stage: string;
  /** Where a queue is reached; asked only when something refers to a queue's URL. */
  queueUrl(queueName: string): string;
}
