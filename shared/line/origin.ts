import { toBinary } from '../text/binary.js';
import { stringify } from '../text/json.js';
import { FIELDS_START, fieldsColumn } from './rowText.js';

/** One log line with what its collector said about it. */
export interface LogEvent {
  /** The line; an object when the collector had parsed it as JSON already. */
  readonly log: string | Readonly<Record<string, unknown>>;
  /** When the collector read it, ms since the epoch; undefined when it does not say. */
  readonly time: number | undefined;
  readonly origin: Origin;
  /** It continues an entry that was read in an earlier invocation, if at all. */
  readonly isContinuation?: true;
  /** Its runtime cut it, and the next line of the same stream goes on with it. */
  readonly isCut?: true;
}

export interface OriginColumns {
  readonly service?: string | undefined;
  readonly source?: string | undefined;
  readonly task?: string | undefined;
  readonly cluster?: string | undefined;
}

/** Who wrote a line. One origin serves all lines of a container, and is put into JSON once for all of them. */
export class Origin implements OriginColumns {
  readonly service: string | undefined;
  readonly source: string | undefined;
  readonly task: string | undefined;
  readonly cluster: string | undefined;
  #columnsJson: string | undefined;
  #fieldsJson: string | undefined;
  #fieldsColumnJson: string | undefined;
  #fieldsRest: FieldsRest | undefined;
  #binary: BinaryOrigin | undefined;

  /** @param extra what else the collector said, for `fields` */
  constructor(
    { service, source, task, cluster }: OriginColumns,
    readonly extra: readonly (readonly [key: string, value: unknown])[] = [],
  ) {
    this.service = service;
    this.source = source;
    this.task = task;
    this.cluster = cluster;
  }

  /** `,"service":"web","source":"stdout"`: the columns as they stand behind `ts` in a row. */
  get columnsJson(): string {
    if (this.#columnsJson === undefined) {
      const { service, source, task, cluster } = this;
      const json = stringify({ service, source, task, cluster });
      this.#columnsJson = json === '{}' ? '' : `,${json.slice(1, -1)}`;
    }
    return this.#columnsJson;
  }

  /** The `fields` of a line that has none of its own: a JSON object, or nothing. */
  get fieldsJson(): string {
    if (this.#fieldsJson === undefined) {
      this.#fieldsJson = this.extra.length === 0 ? '' : stringify(Object.fromEntries(this.extra));
    }
    return this.#fieldsJson;
  }

  /** `,"fields":"…"`: the same as it ends the row of such a line. */
  get fieldsColumnJson(): string {
    if (this.#fieldsColumnJson === undefined) {
      this.#fieldsColumnJson = fieldsColumn(this.fieldsJson);
    }
    return this.#fieldsColumnJson;
  }

  /** How `fields` ends behind what a line has of its own. */
  get fieldsRest(): FieldsRest {
    if (this.#fieldsRest === undefined) {
      const { fieldsJson, fieldsColumnJson } = this;
      this.#fieldsRest =
        fieldsJson === ''
          ? { json: '}', column: '}"' }
          : { json: `,${fieldsJson.slice(1)}`, column: `,${fieldsColumnJson.slice(FIELDS_START.length)}` };
    }
    return this.#fieldsRest;
  }

  /** The same as binary strings. */
  get binary(): BinaryOrigin {
    if (this.#binary === undefined) {
      const { columnsJson, fieldsColumnJson, fieldsRest } = this;
      this.#binary = {
        columnsJson: toBinary(columnsJson),
        fieldsColumnJson: toBinary(fieldsColumnJson),
        fieldsRestJson: toBinary(fieldsRest.column),
      };
    }
    return this.#binary;
  }
}

interface FieldsRest {
  /** Of the JSON object. */
  readonly json: string;
  /** Of the column, which has the object escaped. */
  readonly column: string;
}

/** What all rows of a container have in common, as binary strings. */
interface BinaryOrigin {
  readonly columnsJson: string;
  readonly fieldsColumnJson: string;
  /** How that column ends behind the fields of a line that has some of its own. */
  readonly fieldsRestJson: string;
}

export const unknownOrigin = new Origin({});
