import { lambda, sqs } from '../../../shared/limits.js';
import type { Finding } from '../finding.js';
import { grants } from './statements.js';
import { type Checks, fail, listOf, mapOf, numberOf, ofType, type Resource, type Subject, warn } from './subject.js';
import { textOf } from './template.js';

const lambdaDocs = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html';
const queueDocs =
  'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html';

/** Queues, their dead letters, and the functions that poll them. */
export const queueChecks: Checks = (subject) => {
  const queues = ofType(subject, 'AWS::SQS::Queue');
  return [
    ...queues.flatMap((queue) => [...ofRedrive(subject, queue, queues), ...ofFifo(subject, queue)]),
    ...ofType(subject, 'AWS::Lambda::EventSourceMapping').flatMap((mapping) => ofSource(subject, mapping, queues)),
  ];
};

function ofRedrive(subject: Subject, queue: Resource, queues: readonly Resource[]): Finding[] {
  const policy = queue.properties.RedrivePolicy;
  if (policy === undefined || policy === null) return [];
  const way = 'RedrivePolicy';
  const { deadLetterTargetArn: arn, maxReceiveCount } = mapOf(policy);
  if (arn === undefined || maxReceiveCount === undefined) {
    return [
      fail(subject, queue.id, way, {
        problem: 'SQS wants both deadLetterTargetArn and maxReceiveCount',
        remedy: 'write both',
        source: queueDocs,
      }),
    ];
  }
  const dead = queues.find(({ id }) => arnOf(subject, id) === arn);
  if (dead === undefined) return [];
  const findings: Finding[] = [];
  if (isFifo(dead) !== isFifo(queue)) {
    findings.push(
      fail(subject, queue.id, way, {
        problem: `${dead.id} is ${isFifo(dead) ? 'a FIFO' : 'a standard'} queue, and dead letters go to a queue of the same type`,
        remedy: `make ${dead.id} ${isFifo(queue) ? 'a FIFO queue' : 'a standard queue'}`,
        source: queueDocs,
      }),
    );
  }
  if (dead.id === queue.id) {
    findings.push(
      fail(subject, queue.id, way, {
        problem: 'its dead letters go to itself, for ever',
        remedy: 'give it a queue of its own for them',
        source: queueDocs,
      }),
    );
  }
  if (retentionOf(dead) < retentionOf(queue)) {
    findings.push(
      warn(subject, dead.id, 'MessageRetentionPeriod', {
        problem: `${retentionOf(dead)} s, less than the ${retentionOf(queue)} s of ${queue.id}: SQS counts from when a message was sent, and what fails late is gone before anybody looks`,
        remedy: `write ${sqs.maxRetention / 1000}`,
        source: queueDocs,
      }),
    );
  }
  const allowed = mapOf(dead.properties.RedriveAllowPolicy);
  const sources = listOf(allowed.sourceQueueArns).map(textOf);
  const own = arnOf(subject, queue.id);
  const isRefused =
    allowed.redrivePermission === 'denyAll' ||
    (allowed.redrivePermission === 'byQueue' && own !== undefined && !sources.includes(own));
  if (isRefused) {
    findings.push(
      fail(subject, dead.id, 'RedriveAllowPolicy', {
        problem: `it does not let ${queue.id} send its dead letters here`,
        remedy: `put the ARN of ${queue.id} into sourceQueueArns`,
        source: queueDocs,
      }),
    );
  }
  return findings;
}

function ofFifo(subject: Subject, queue: Resource): Finding[] {
  const name = queue.properties.QueueName;
  if (typeof name !== 'string' || name.endsWith('.fifo') === isFifo(queue)) return [];
  return [
    fail(subject, queue.id, 'QueueName', {
      problem: isFifo(queue)
        ? `${name} of a FIFO queue does not end in .fifo`
        : `${name} is for a FIFO queue, which it is not`,
      remedy: isFifo(queue) ? `write ${name}.fifo` : 'write FifoQueue: true, or another name',
      source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
    }),
  ];
}

function ofSource(subject: Subject, mapping: Resource, queues: readonly Resource[]): Finding[] {
  const { id, properties } = mapping;
  const queue = queues.find((each) => arnOf(subject, each.id) === properties.EventSourceArn);
  const target = ofType(subject, 'AWS::Lambda::Function').find((each) =>
    isTarget(subject, each, properties.FunctionName),
  );
  if (queue === undefined || target === undefined) return [];
  return [
    ...ofVisibility(subject, mapping, queue, target),
    ...ofBatch(subject, mapping, queue),
    ...ofPoller(subject, id, queue, target),
  ];
}

/** While a function has a message it must stay hidden, also when it waits for others first and the function is throttled then. */
function ofVisibility(subject: Subject, mapping: Resource, queue: Resource, target: Resource): Finding[] {
  const timeout = numberOf(target.properties.Timeout) ?? 3;
  const visibility = numberOf(queue.properties.VisibilityTimeout) ?? sqs.defaultVisibility / 1000;
  const wait = numberOf(mapping.properties.MaximumBatchingWindowInSeconds) ?? 0;
  const advised = lambda.advisedVisibility * timeout + wait;
  if (visibility >= advised) return [];
  const isRefused = visibility < timeout;
  return [
    (isRefused ? fail : warn)(subject, queue.id, 'VisibilityTimeout', {
      problem: isRefused
        ? `${visibility} s, less than the ${timeout} s that ${target.id} may take: Lambda refuses to poll it`
        : `${visibility} s, less than six times the ${timeout} s of ${target.id}${wait > 0 ? ` and the ${wait} s that a message waits for others` : ''}: a message that waits for a throttled function is handed out twice`,
      remedy: `write at least ${advised}`,
      source: lambdaDocs,
    }),
  ];
}

function ofBatch(subject: Subject, { id, properties }: Resource, queue: Resource): Finding[] {
  const size = numberOf(properties.BatchSize) ?? 10;
  const wait = numberOf(properties.MaximumBatchingWindowInSeconds) ?? 0;
  if (size <= lambda.maxUnwaitedBatch || (wait >= 1 && !isFifo(queue))) return [];
  return [
    fail(subject, id, 'BatchSize', {
      problem: isFifo(queue)
        ? `${size} messages, and a batch of a FIFO queue has at most ${lambda.maxUnwaitedBatch}`
        : `${size} messages without MaximumBatchingWindowInSeconds: Lambda wants at least 1 s above ${lambda.maxUnwaitedBatch}`,
      remedy: `write ${lambda.maxUnwaitedBatch}${isFifo(queue) ? '' : ', or a window'}`,
      source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
    }),
  ];
}

/** Lambda polls with the function's own role, and tries it when the mapping is made. */
function ofPoller(subject: Subject, id: string, queue: Resource, target: Resource): Finding[] {
  const arn = arnOf(subject, queue.id);
  const role = ofType(subject, 'AWS::IAM::Role').find(
    (each) => subject.evaluation.identity(each.id)?.attributes.Arn === target.properties.Role,
  );
  if (role === undefined || arn === undefined || listOf(role.properties.ManagedPolicyArns).length > 0) return [];
  const missing = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].filter(
    (action) => !grants(subject, role, action, arn),
  );
  if (missing.length === 0) return [];
  return [
    fail(subject, role.id, 'Policies', {
      problem: `it lacks ${missing.join(', ')} on ${queue.id}: Lambda refuses ${id}`,
      remedy: `allow ${missing.length === 1 ? 'it' : 'them'} on !GetAtt ${queue.id}.Arn`,
      source: lambdaDocs,
    }),
  ];
}

function isTarget({ evaluation }: Subject, { id }: Resource, name: unknown): boolean {
  const identity = evaluation.identity(id);
  return identity !== undefined && (identity.ref === name || identity.attributes.Arn === name);
}

function arnOf({ evaluation }: Subject, id: string): string | undefined {
  return evaluation.identity(id)?.attributes.Arn;
}

function isFifo({ properties }: Resource): boolean {
  return textOf(properties.FifoQueue) === 'true';
}

function retentionOf({ properties }: Resource): number {
  return numberOf(properties.MessageRetentionPeriod) ?? sqs.defaultRetention / 1000;
}
