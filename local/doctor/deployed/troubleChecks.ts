import type { Control } from '../../../shared/compact/control.js';
import { layout } from '../../../shared/compact/layout.js';
import { lengthOf, startOf, type WindowLength } from '../../../shared/compact/windows.js';
import { logTypes } from '../../../shared/line/schema/index.js';
import { fromJsonBytes } from '../../../shared/text/jsonBytes.js';
import { counted } from '../../../shared/text/wording.js';
import type { Examination, Finding } from '../finding.js';
import { look } from './look.js';
import { putBack } from './putBack.js';
import type { DeployedStack, DeployedStage } from './stage.js';

/** Queues of outputs.yml that hold what was given up, and the page that says what to do with it. */
const deadLetters = {
  SignalsDeadLetterQueueUrl: { what: 'signals that could not be decided or told', page: 'signals-given-up' },
  ReplayDeadLetterQueueUrl: { what: 'parts of replays', page: 'replay-given-up' },
  CompactionDeadLetterQueueUrl: { what: 'compactions that failed three times', page: 'compaction-failing' },
  ForwardDeadLetterQueueUrl: { what: 'objects whose rows a sink did not take', page: 'forward-failing' },
} as const;

/** How much waits, and whether something was given up. */
export function examineQueues(deployed: DeployedStage, { outputs }: DeployedStack): Promise<Examination> {
  const asked = { name: 'aws:queues', place: 'queues', permission: 'sqs:GetQueueAttributes' };
  return look(asked, async () => {
    const lookAt = async (output: string, judge: (waiting: number, place: string) => Finding[]): Promise<Finding[]> => {
      const url = outputs[output];
      if (url === undefined) return [];
      const place = `queue ${url.split('/').at(-1)}`;
      const waiting = await deployed.waiting(url);
      if (waiting !== undefined) return judge(waiting, place);
      return [{ result: 'fail', place, problem: 'there is none any more', remedy: putBack }];
    };
    let signals = 0;
    const found = await Promise.all([
      lookAt('SignalsQueueUrl', (waiting) => {
        signals = waiting;
        return [];
      }),
      ...Object.entries(deadLetters).map(([output, { what, page }]) =>
        lookAt(output, (count, place): Finding[] => {
          const problem = `${counted(count, 'message')} given up: ${what}`;
          return count === 0 ? [] : [{ result: 'warn', place, problem, remedy: `see docs/alarms/${page}.md` }];
        }),
      ),
    ]);
    return { about: `nothing was given up; ${counted(signals, 'message')} of signals waiting`, findings: found.flat() };
  });
}

/** Alarms of the stage that ring now. */
export function examineRinging(deployed: DeployedStage, stage: string): Promise<Examination> {
  const prefix = `firesplit-${stage}-`;
  const asked = { name: 'aws:alarms', place: `alarms ${prefix}…`, permission: 'cloudwatch:DescribeAlarms' };
  return look(asked, async () => {
    const ringing = await deployed.ringing(prefix);
    const findings = ringing.map((name): Finding => {
      const remedy = `see docs/alarms/${name.slice(prefix.length)}.md`;
      return { result: 'warn', place: `alarm ${name}`, problem: 'it rings', remedy };
    });
    return { about: 'no alarm of the stage rings', findings };
  });
}

/** The open window, the one that closes, and the two more after which the alarm compaction-behind rings. */
const healthyWindows = 4;

/** How far compaction is. */
export function examineBoundary(
  deployed: DeployedStage,
  { bucket, window, now }: { readonly bucket: string; readonly window: WindowLength; readonly now: number },
): Promise<Examination> {
  const asked = { name: 'aws:compaction', place: `bucket ${bucket}`, permission: 's3:GetObject and s3:ListBucket' };
  return look(asked, async () => {
    const boundaries = await Promise.all(
      logTypes.map(async (type) => {
        const bytes = await deployed.object(bucket, layout.control(type));
        return bytes && { type, boundary: fromJsonBytes<Control>(bytes).boundary };
      }),
    );
    const known = boundaries.flatMap((each) => each ?? []);
    const findings = known.flatMap(({ type, boundary }): Finding[] => {
      if (now - startOf(boundary) <= healthyWindows * lengthOf(window)) return [];
      const place = `s3://${bucket}/${layout.control(type)}`;
      const problem = `lines of ${type} that arrived since ${boundary} (UTC) are not yet Parquet, where windows are a${window === 'hour' ? 'n hour' : ' day'}`;
      return [{ result: 'warn', place, problem, remedy: 'see docs/alarms/compaction-behind.md' }];
    });
    const about =
      known.length === 0
        ? 'compaction has not begun'
        : `Parquet until ${known.map(({ type, boundary }) => `${boundary} (${type})`).join(', ')}`;
    return { about, findings };
  });
}
