import { severities } from '../../conditions/ruleSettings.js';
import { lateField } from '../../signals/late.js';
import { cutText } from '../../signals/sample.js';
import { addSpan } from '../../signals/tally.js';
import { groupBy } from '../../text/groupBy.js';
import { measuredText } from '../measuredText.js';
import type { Alert, GroupMember } from '../ports.js';
import { alertId } from '../state/ids.js';
import { titleOf } from '../title.js';

/** Alerts that a message of a group names; it counts all. */
const maxMembers = 10;

/** Characters of what a message shows of each. */
const [maxTitle, maxMeasured, maxSample] = [150, 150, 120];

export function memberOf(alert: Alert): GroupMember {
  const { rule, key, settings, notice } = alert;
  const { count: lines, first, last, samples, late, ending } = notice;
  const [sample] = samples;
  const measured = measuredText(alert);
  return {
    rule,
    key,
    severity: settings.severity,
    title: cutText(titleOf(alert), maxTitle),
    ...(measured === undefined ? {} : { measured: cutText(measured, maxMeasured) }),
    lines,
    first,
    last,
    ...(sample ? { sample: cutText(sample.message, maxSample) } : {}),
    ...lateField(late),
    ...(notice.kind === 'resolved' ? { over: true, ...(ending ? { ending } : {}) } : {}),
  };
}

/** Adds later notices of alerts to earlier ones: of each alert what it was told to be last. */
export function addMembers(earlier: readonly GroupMember[], later: readonly GroupMember[]): GroupMember[] {
  const byAlert = groupBy([...earlier, ...later], alertId);
  return inOrder([...byAlert.values()].map((same) => same.reduce(join))).slice(0, maxMembers);
}

function join({ sample, ...a }: GroupMember, { over, ...b }: GroupMember): GroupMember {
  const { count: lines, ...span } = addSpan({ ...a, count: a.lines }, { ...b, count: b.lines });
  return { ...(sample === undefined ? {} : { sample }), ...b, lines, ...span, ...(over ? { over } : {}) };
}

/** Those that fire before those that are over, then by severity and start; alike ones by their names. */
function inOrder(members: readonly GroupMember[]): GroupMember[] {
  const isOver = ({ over }: GroupMember) => (over ? 1 : 0);
  const loudness = ({ severity }: GroupMember) => severities.indexOf(severity);
  return [...members].sort(
    (a, b) =>
      isOver(a) - isOver(b) || loudness(b) - loudness(a) || a.first - b.first || (alertId(a) < alertId(b) ? -1 : 1),
  );
}
