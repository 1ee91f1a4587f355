import { gzipSync } from 'node:zlib';
import type { DeployedStack, DeployedStage } from '../../local/doctor/deployed/stage.js';
import { arrivedHour } from '../../shared/line/partition.js';

export const roleArn = (name: string) => `arn:aws:iam::123456789012:role/firesplit-prod-${name}`;

const webhook = 'https://hooks.slack.com/services/T0/B0/secret';

/** URL of a queue of the stage. */
export const queue = (name: string) => `https://sqs.eu-west-1.amazonaws.com/123456789012/firesplit-prod-${name}`;
/** As it is described. */
export const stack: DeployedStack = {
  status: 'UPDATE_COMPLETE',
  isProtected: true,
  deployedAt: Date.parse('2026-11-28T10:00:00Z'),
  outputs: {
    Stream: 'logs',
    Bucket: 'bucket',
    AlertsTable: 'firesplit-prod-alerts',
    SignalsQueueUrl: queue('signals'),
    SignalsDeadLetterQueueUrl: queue('signals-dead'),
    ReplayDeadLetterQueueUrl: queue('replay-dead'),
    CompactionDeadLetterQueueUrl: queue('compaction-dead'),
    RouterPolicyArn: 'arn:aws:iam::123456789012:policy/router',
    ReaderPolicyArn: 'arn:aws:iam::123456789012:policy/reader',
  },
};

/** A stage in which all is well, and a line arrives at once; but for what a test changes. */
export function healthyStage(changes: Partial<DeployedStage> = {}): DeployedStage {
  let line: Uint8Array | undefined;
  return {
    region: async () => 'eu-west-1',
    stack: async () => stack,
    parameters: async () => ({ permissionsBoundary: '', protection: 'Enabled', retentionDays: '395' }),
    stream: async () => ({ status: 'ACTIVE', buffering: 20, role: roleArn('delivery') }),
    function: async () => ({ state: 'Active', update: 'Successful', runtime: 'nodejs24.x', role: roleArn('function') }),
    role: async (arn) => ({
      trusts: [arn === roleArn('delivery') ? 'firehose.amazonaws.com' : 'lambda.amazonaws.com'],
    }),
    policy: async () => ({ attachments: 1 }),
    secretValues: async (names) => new Map(names.map((name) => [name, webhook])),
    parameterTypes: async (names) => new Map(names.map((name) => [name, 'SecureString'])),
    waiting: async () => 0,
    tableStatus: async () => 'ACTIVE',
    ringing: async () => [],
    put: async (_stream, data) => {
      line = gzipSync(data);
    },
    objects: async (_bucket, prefix) =>
      line && prefix === `logs/type=app/arrived=${arrivedHour(Date.now())}/`
        ? [{ key: `${prefix}one.json.gz`, bytes: line.length, writtenAt: Date.now() }]
        : [],
    object: async (_bucket, key) =>
      key.startsWith('compact/control/')
        ? Buffer.from(JSON.stringify({ boundary: arrivedHour(Date.now() - 3_600_000) }))
        : line,
    invoke: async (_name, event) => {
      const { testRoute } = JSON.parse(event);
      return { payload: JSON.stringify({ result: 'sent', route: testRoute, owner: testRoute }), failed: false };
    },
    ask: async (sql) => [[/message = '([^']+)'/.exec(sql)?.[1]]],
    ...changes,
  };
}

/** What a method rejects with when the service refuses, by the service's name for that. */
export const denied = (name: string) => async () => {
  throw Object.assign(new Error('User: me is not authorized'), { name });
};
