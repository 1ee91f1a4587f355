import type { Origin } from '../line/origin.js';
import { fromBinary } from '../text/binary.js';

/** An EntryRow whose `fields` are put together when a rule asks for them. */
export class LaneEntry {
  [column: string]: unknown;
  readonly service: string | undefined;
  readonly source: string | undefined;
  readonly task: string | undefined;
  readonly cluster: string | undefined;
  /** The column `fields` as it stands in the row. */
  fieldsColumn = '';

  constructor(
    readonly ts: number,
    { service, source, task, cluster }: Origin,
  ) {
    this.service = service;
    this.source = source;
    this.task = task;
    this.cluster = cluster;
  }

  get fields(): string | undefined {
    return this.fieldsColumn === ''
      ? undefined
      : (JSON.parse(`{${fromBinary(this.fieldsColumn).slice(1)}}`).fields as string);
  }
}
