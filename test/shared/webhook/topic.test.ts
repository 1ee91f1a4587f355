import { describe, expect, it } from '@jest/globals';
import { regionOf, topicProblem } from '../../../shared/webhook/topic.js';

describe('topicProblem', () => {
  it.each(['arn:aws:sns:eu-central-1:123456789012:alerts', 'arn:aws-us-gov:sns:us-gov-west-1:123456789012:A_b-1'])(
    'takes %s',
    (arn) => expect(topicProblem(arn)).toBeUndefined(),
  );

  it.each([
    ['alerts', 'not the ARN of a topic'],
    ['arn:aws:sqs:eu-central-1:123456789012:alerts', 'not the ARN of a topic'],
    ['arn:aws:sns:eu-central-1:12345:alerts', 'not the ARN of a topic'],
    ['arn:aws:sns::123456789012:alerts', 'not the ARN of a topic'],
    ['arn:aws:sns:eu-central-1:123456789012:alerts:0b9b2d5e-subscription', 'not the ARN of a topic'],
    [`arn:aws:sns:eu-central-1:123456789012:${'a'.repeat(257)}`, 'not the ARN of a topic'],
    ['arn:aws:sns:eu-central-1:123456789012:alerts.fifo', 'a FIFO topic'],
  ])('says what is wrong with %s', (arn, problem) => expect(topicProblem(arn)).toContain(problem));
});

describe('regionOf', () => {
  it('is that of the topic', () => {
    expect(regionOf('arn:aws:sns:eu-central-1:123456789012:alerts')).toBe('eu-central-1');
  });
});
