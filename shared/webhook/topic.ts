/**
 * Why this is no topic of SNS that sends e-mails, to be put after its name; undefined when it is one. The shape of its ARN:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export function topicProblem(arn: string): string | undefined {
  if (!topicArn.test(arn)) {
    return `is "${arn}", not the ARN of a topic, such as arn:aws:sns:eu-central-1:123456789012:alerts`;
  }
  return arn.endsWith('.fifo') ? 'is a FIFO topic, which sends no e-mails; name a standard one' : undefined;
}

/** The region of a topic: SNS takes what is published to it there alone. */
export function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

/** Names have up to 256 letters, digits, hyphens and underscores, and those of FIFO topics end with `.fifo`. */
const topicArn = /^arn:aws(-[a-z]+)*:sns:[a-z]+(-[a-z]+)+-\d+:\d{12}:(?=.{1,256}$)[\w-]+(\.fifo)?$/;
