import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Partition, parsePartitionPath, partitionPath } from '../line/partition.js';
import { isGzip } from './gzip.js';
import type { StatedIdentity } from './recordName.js';

/** What becomes of the matches of lines that are replayed: nothing, a note in the log, or what becomes of any other. */
export const alertModes = ['off', 'shadow', 'send'] as const;
export type Alerts = (typeof alertModes)[number];

/** What a record says that Firesplit itself has put on the stream. */
export type Label =
  /** It holds the rows of a partition, which go to the store as they are. */
  | { readonly kind: 'partition'; readonly partition: Partition }
  /** It holds lines that were on the stream before, or come from elsewhere. */
  | { readonly kind: 'replay'; readonly identity: StatedIdentity; readonly alerts: Alerts };

/** What a label says, and whether it is ours: only then is it true. */
export interface ReadLabel {
  readonly kind: 'ours' | 'forged';
  readonly label: Label;
}

/**
 * A member that carries a label in the header's extra field (RFC 1952, FEXTRA), so that the transform knows what to do with it
 * when it comes back on the stream. To every reader it stays the same gzip file.
 *
 * Whoever may log can put such a member on the stream, and would choose where it is stored, that nobody looks for secrets in
 * it, and what its rows are told from. So the label is signed: HMAC-SHA256 over what it says and the member.
 *
 * @param member with a header of its own, see {@link hasPlainHeader}
 * @param key of the deployment, which no container knows
 */
export function labelMember(member: Uint8Array, label: Label, key: string): Buffer {
  const body = member.subarray(HEADER);
  const words = wordsOf(label);
  const text = Buffer.from(`${words} ${signatureOf(words, body, key)}`, 'ascii');
  const header = Buffer.from(member.subarray(0, HEADER));
  header[FLAGS] = FEXTRA;
  const extra = Buffer.alloc(2 + SUBFIELD);
  extra.writeUInt16LE(SUBFIELD + text.length, 0);
  extra.write(SUBFIELD_ID, 2, 'ascii');
  extra.writeUInt16LE(text.length, 4);
  return Buffer.concat([header, extra, text, body]);
}

/** What {@link labelMember} wrote, or somebody else in its form; undefined for any other data. */
export function readLabel(data: Buffer, keys: readonly string[]): ReadLabel | undefined {
  const found = findLabel(data);
  if (!found) return undefined;
  const [words = '', signature = ''] = data.toString('latin1', found.start, found.end).split(' ');
  const label = labelOf(words);
  if (!label) return undefined;
  const body = data.subarray(found.end);
  const isOurs = keys.some((key) => isSame(signature, signatureOf(words, body, key)));
  return { kind: isOurs ? 'ours' : 'forged', label };
}

/** The member as it was before it was labelled. */
export function withoutLabel(data: Buffer): Buffer {
  const found = findLabel(data);
  if (!found) return data;
  const header = Buffer.from(data.subarray(0, HEADER));
  header[FLAGS] = 0;
  return Buffer.concat([header, data.subarray(found.end)]);
}

/** Whether a gzip member has nothing in its header but what every one has, and so takes a label. */
export function hasPlainHeader(member: Uint8Array): boolean {
  return isGzip(member) && member[FLAGS] === 0;
}

/** Where a label's text stands. */
function findLabel(data: Buffer): { readonly start: number; readonly end: number } | undefined {
  if (!isGzip(data) || data[FLAGS] !== FEXTRA || data.length < HEADER + 2 + SUBFIELD) return undefined;
  if (data.toString('latin1', HEADER + 2, HEADER + 4) !== SUBFIELD_ID) return undefined;
  const start = HEADER + 2 + SUBFIELD;
  const end = start + data.readUInt16LE(HEADER + 4);
  // Ours is the only subfield of a member we wrote.
  return end === HEADER + 2 + data.readUInt16LE(HEADER) && end <= data.length ? { start, end } : undefined;
}

/** `type=access`, or `replay=Zm9vYmFyYmF6cXV4/time=1764000000000/alerts=off`. */
function wordsOf(label: Label): string {
  if (label.kind === 'partition') return partitionPath(label.partition);
  const { identity, alerts } = label;
  return `replay=${identity.name}/time=${identity.time}/alerts=${alerts}`;
}

const replayWords = new RegExp(`^replay=([\\w-]{16})/time=(\\d{1,15})/alerts=(${alertModes.join('|')})$`);

function labelOf(words: string): Label | undefined {
  const [, name, time, alerts] = replayWords.exec(words) ?? [];
  if (name !== undefined) {
    return { kind: 'replay', identity: { name, time: Number(time) }, alerts: alerts as Alerts };
  }
  const partition = parsePartitionPath(words);
  return partition && { kind: 'partition', partition };
}

function signatureOf(words: string, body: Uint8Array, key: string): string {
  return createHmac('sha256', key).update(words).update('\n').update(body).digest('hex');
}

/** Takes the same time wherever the two differ. */
function isSame(given: string, right: string): boolean {
  return given.length === right.length && timingSafeEqual(Buffer.from(given, 'latin1'), Buffer.from(right, 'latin1'));
}

const HEADER = 10;
const FLAGS = 3;
const FEXTRA = 4;
/** SI1 SI2 and the length of the subfield's data. */
const SUBFIELD = 4;
const SUBFIELD_ID = 'FS';
