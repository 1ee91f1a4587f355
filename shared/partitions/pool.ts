import type { Partition } from '../line/partition.js';
import type { LogType } from '../line/schema/index.js';
import { gzipMember } from '../record/gzip.js';

/** All rows of one partition within an invocation, as gzip members that make one gzip file when concatenated. */
export interface PartitionGroup {
  readonly partition: Partition;
  readonly members: readonly Buffer[];
  /** Compressed bytes of all members. */
  readonly bytes: number;
}

/**
 * Collects the rows of an invocation by partition. Each full chunk is compressed while the next lines are parsed, so
 * an invocation holds little more than its compressed output.
 */
export class PartitionPool {
  private readonly groups = new Map<LogType, OpenGroup>();
  /** Members under way, and the bytes that they are made of. */
  private readonly pending = new Set<Promise<Buffer>>();
  private compressing = 0;

  constructor(private readonly gzipLevel: number) {}

  /**
   * @param row one JSON object, without a line break: a binary string
   */
  add(type: LogType, row: string): void {
    const group = this.groups.get(type) ?? this.openGroup(type);
    group.text += row;
    group.text += '\n';
    if (group.text.length >= ENCODE_AT) this.encode(group);
  }

  private openGroup(type: LogType): OpenGroup {
    const group = { type, text: '', chunks: [], bytes: 0, members: [] };
    this.groups.set(type, group);
    return group;
  }

  /**
   * Waits while more is being compressed than memory should hold. Called between records: reading one never gives way to
   * zlib, which goes on only between turns of the event loop.
   */
  async settle(): Promise<void> {
    while (this.compressing > MAX_COMPRESSING) await Promise.race(this.pending);
  }

  /** Compresses what is left and gives every partition, the largest first. */
  async close(): Promise<PartitionGroup[]> {
    const groups = [...this.groups.values()].map(async (group) => {
      this.encode(group);
      if (group.bytes > 0) this.compress(group);
      const members = await Promise.all(group.members);
      return {
        partition: { type: group.type },
        members,
        bytes: members.reduce((sum, member) => sum + member.length, 0),
      };
    });
    return (await Promise.all(groups)).sort((a, b) => b.bytes - a.bytes);
  }

  private encode(group: OpenGroup): void {
    const chunk = Buffer.from(group.text, 'latin1');
    group.text = '';
    group.chunks.push(chunk);
    group.bytes += chunk.length;
    if (group.bytes >= COMPRESS_AT) this.compress(group);
  }

  private compress(group: OpenGroup): void {
    const { bytes } = group;
    const member = gzipMember(Buffer.concat(group.chunks, bytes), this.gzipLevel);
    group.members.push(member);
    group.chunks = [];
    group.bytes = 0;
    this.compressing += bytes;
    this.pending.add(member);
    const done = () => {
      this.compressing -= bytes;
      this.pending.delete(member);
    };
    // What fails is told by close().
    member.then(done, done);
  }
}

interface OpenGroup {
  readonly type: LogType;
  /** Rows not yet encoded. */
  text: string;
  /** Encoded rows not yet compressed, and their bytes. */
  chunks: Buffer[];
  bytes: number;
  readonly members: Promise<Buffer>[];
}

/** Characters. Encoding short pieces leaves the garbage collector little to move. */
const ENCODE_AT = 16_384;

/**
 * Bytes in a member. Small enough that a member always fits a Firehose record when it has to be put back, many
 * times gzip's window of 32 KB, so that starting afresh costs the compression little.
 */
const COMPRESS_AT = 900_000;

/** Bytes. */
const MAX_COMPRESSING = 16 * 1024 * 1024;
