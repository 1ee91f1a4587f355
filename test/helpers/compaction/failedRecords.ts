import { gunzipSync, gzipSync } from 'node:zlib';
import { recordHourOf } from '../../../shared/compact/windows.js';
import { readLabel } from '../../../shared/record/label.js';
import { failedLine, ReplayWorld, replayKeys, runReplay } from '../replayWorld.js';
import type { ReplayFault } from './happenings.js';
import { possibleRow, type Row } from './possibleRows.js';

/** Records on which the transform failed, and their replays. */
export class FailedRecords {
  private readonly world = new ReplayWorld();
  private readonly records: (readonly number[])[] = [];
  /** By record: the names under which it was put back. */
  private readonly names = new Map<number, Set<string>>();
  private objects = 0;

  /** @param records the possible lines of each */
  fail(records: readonly (readonly number[])[], now: number): void {
    this.world.time = now;
    const [day, time = ''] = new Date(now).toISOString().split('T');
    const key = `failed/processing-failed/dt=${day}/hour=${time.slice(0, 2)}/logs-1-${++this.objects}`;
    const lines = records.map((numbers) => {
      const content = JSON.stringify({ record: this.records.push(numbers) - 1, numbers });
      return failedLine(gzipSync(content), { arrivalTimestamp: now });
    });
    this.world.add('logs', key, lines.join(''));
  }

  /**
   * Has what failed put back on the stream. Tasks that are dead in the end are left as they are.
   *
   * @returns the rows of each record that came to the stream, as the transform would write them
   */
  async replay(
    { again, faults }: { readonly again: boolean; readonly faults: readonly ReplayFault[] },
    now: number,
  ): Promise<readonly (readonly Row[])[]> {
    const { world } = this;
    world.time = now;
    let calls = 0;
    const waiting = [...faults];
    world.fate = () => {
      if (calls++ < (waiting[0]?.after ?? Number.POSITIVE_INFINITY)) return 'works';
      calls = 0;
      return waiting.shift()?.fate ?? 'works';
    };
    await runReplay(world, { source: 'failed', again });
    return world.onStream.splice(0).map((data) => this.rowsOf(data));
  }

  /** @throws when a record never came back to the stream, or under several names */
  check(): void {
    for (const record of this.records.keys()) {
      const names = this.names.get(record)?.size ?? 0;
      if (names !== 1) throw new Error(`failed record ${record} was put back under ${names} names`);
    }
  }

  private rowsOf(data: Buffer): readonly Row[] {
    const label = readLabel(data, replayKeys)?.label;
    if (label?.kind !== 'replay') throw new Error('a record without the label of a replay');
    const { record, numbers } = JSON.parse(gunzipSync(data).toString()) as { record: number; numbers: number[] };
    const { name, time } = label.identity;
    this.names.set(record, (this.names.get(record) ?? new Set()).add(name));
    // Of some the content proves which line it is; others are named by what the label says.
    return numbers.map((number, at) =>
      number % 2 ? possibleRow(number) : { ...possibleRow(0), record: `${recordHourOf(time)}${name}`, line: at + 1 },
    );
  }
}
