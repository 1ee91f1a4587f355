import type { Parsed } from '../line/parsed.js';
import type { JsonObject } from './json/object.js';

/** A log format that Firesplit reads. Its samples make docs/formats.md, its first tests and its line in the benchmark. */
interface Described {
  /** kebab-case, unique. */
  readonly name: string;
  /** Lines that real programs wrote, each with who writes such lines. */
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** Program or library, for example `nginx, combined with $request_time`. */
  readonly of: string;
  readonly line: string;
}

/** A format of text lines. */
export interface TextFormat extends Described {
  /** The ASCII characters that a line of this format can start with, when that is certain: lines that start otherwise are not asked about. */
  readonly first?: RegExp;
  /**
   * With which dates, an hour behind them, a line of this format can start, when that is certain: lines that start with
   * another are not asked about. Most text logs start with one.
   */
  readonly dates?: readonly DateStart[];
  /** Reads a line, or leaves it to the next format. Never throws, and takes time in proportion to the line, whatever it holds. */
  readonly parse: (line: string) => Parsed | undefined;
}

/** Any date in this layout. */
export type DateStart = '2026-11-22 ' | '2026-11-22T' | '2026/11/22 ' | '2026/11/22T';

/** A format of lines that are one JSON object each, parsed once for all of them. */
export interface JsonFormat extends Described {
  /** Keys of which every line of this format has one at its top, when that is certain: other lines are not asked about. */
  readonly keys?: readonly string[];
  /** Reads an object, or leaves it to the next format. Never throws. */
  readonly parse: (object: JsonObject) => Parsed | undefined;
}

export type Format = TextFormat | JsonFormat;
