import type { Origin } from '../line/origin.js';
import { isHolder } from '../parse/json/heldLine.js';
import type { JsonObject } from '../parse/json/object.js';
import { detach } from '../text/detach.js';
import type { LinePolicy } from '../treatment/policy.js';
import { type FieldLeaf, type FoundFields, findFields, type Pieces } from './jsonFields.js';
import type { Leaf, Path, ScannedLine } from './jsonScan.js';
import type { Lessons } from './lessons.js';
import { addLeaf, anyTexts, effectsOf, removeColumn } from './lineEffects.js';
import { columnsOf, type ShapeColumns } from './shapeColumns.js';
import { tellingLeaves } from './tellingLeaves.js';
import { changedEffect } from './valueEffect.js';

/** The keys of a JSON line in their order, and what becomes of their values. */
export interface Shape extends ShapeColumns {
  readonly type: 'access' | 'app';
  readonly leaves: readonly Leaf[];
  /** What follows the last value. */
  readonly tail: string;
  /** The leaf with the line's time; undefined when the line has none. */
  readonly time: number | undefined;
  /** The leaf with the status; undefined when the line has none. */
  readonly status: number | undefined;
  /** `fields` without its braces. */
  readonly fields: Pieces;
  /** By index, what is known of the leaves in `fields`. */
  readonly ofField: readonly (StoredLeaf | undefined)[];
  /** The values of leaves that decide what the others mean: other values make other shapes. */
  readonly fixed: readonly FixedLeaf[];
  /** Pairs of leaves that must not be equal: what repeats the message is left out by some formats. */
  readonly distinct: readonly (readonly [index: number, message: number])[];
  /** On how many more lines it has to agree with the full parse before it is trusted; never when infinite. */
  trials: number;
}

/** A value that goes to `fields`. */
export interface StoredLeaf extends FieldLeaf {
  /** Whether a redaction rule names the key: the value is then replaced, or else the line is left to the full parse. */
  readonly isCovered: boolean;
}

interface FixedLeaf {
  readonly index: number;
  readonly value: string;
}

/**
 * Learns a shape from a line: each of its values is left out in turn, which shows what column it makes.
 *
 *     {"ts":"16:41","msg":"placed","sku":7}   time, message and fields
 *     {"ts":"16:41","sku":7}                  without `msg` the row has no message: its value is the message
 *     {"ts":"16:41","msg":"placed"}           without `sku` the columns are the same: its value is free
 *
 * Without some keys the rest means something else: a line without `status` is no access line, and pino's `name` is the
 * logger's beside `pid`. The value of such a key is changed instead.
 *
 *     {"status":200,"method":"GET","url":"/"}   an access line
 *     {"status":201,"method":"GET","url":"/"}   the same but for its status
 *
 * A value that decides so, or becomes what no {@link Role} says, is the same in all lines of its shape. All free ones are then
 * marked at once, and stand in `fields` where their marks are found ({@link findFields}).
 *
 * @param object the same line
 * @param lessons values that became something in other shapes are not left out again
 * @returns undefined for a line whose row can't be copied from its text
 */
export function learnShape(
  scanned: ScannedLine,
  object: JsonObject,
  origin: Origin,
  policy: LinePolicy,
  lessons: Lessons,
): Shape | undefined {
  // The value of this key decides the type, line by line; a line of any format may stand in one of a container runtime.
  if (Object.hasOwn(object, policy.logTypeField) || isHolder(object)) return undefined;
  const parse = (line: JsonObject) => policy.parse(line, origin);
  const whole = parse(object);
  if (whole.type === 'error') return undefined;

  const effects = effectsOf(scanned, object, whole, lessons, parse);
  const fields = effects && findFields(scanned, object, whole, effects.free, anyTexts(effects, whole.type), parse);
  if (!effects || !fields) return undefined;
  const fixed = fields.fixed.filter((index) => {
    // A column's text that a format takes the line by.
    if (!effects.free.includes(index)) return removeColumn(effects, index);
    // A second key may say the same, so that nothing changed without the value.
    const effect = changedEffect(whole, scanned.paths[index] as Path, object, parse);
    return typeof effect !== 'object' || !addLeaf(effects, index, effect);
  });
  const stored = [...fields.leaves.keys()].filter((index) => fields.leaves[index] !== undefined);
  const message = effects.byColumn.get('message')?.index;
  const telling = tellingLeaves(scanned, object, whole, stored, parse);
  fixed.push(...telling.byValue, ...(message === undefined ? telling.byMessage : []));
  const areStored = areLeftAlone(fields.leaves, scanned.paths, policy);
  if (!areStored || (whole.time === undefined) !== (effects.time === undefined)) return undefined;
  const columns = columnsOf(whole, effects, scanned);
  const made = columns?.columns.map(({ index }) => index) ?? [];
  const known = new Set([effects.time, ...made, ...effects.fixed, ...fixed, ...stored]);
  // It would be the value of this line in the rows of all.
  if (scanned.leaves.some((_, index) => !known.has(index))) return undefined;
  const { share } = lessons;
  return (
    columns && {
      type: whole.type,
      leaves: scanned.leaves.map(({ literal, kind }) =>
        share(`leaf ${kind} ${literal}`, () => ({ literal: detach(literal), kind })),
      ),
      tail: detach(scanned.tail),
      time: effects.time,
      status: columns.columns.find(({ role }) => role === 'status')?.index,
      ...columns,
      columns: columns.columns.map((column) =>
        share(
          `column ${whole.type} ${column.index} ${column.role} ${column.usual?.source} ${column.before}`,
          () => column,
        ),
      ),
      fields: fields.pieces.map((piece) => (typeof piece === 'string' ? share(`piece ${piece}`, () => piece) : piece)),
      ofField: fields.leaves.map(
        (leaf) =>
          leaf && share(`field ${leaf.place}`, () => ({ ...leaf, isCovered: policy.redactor.namesKey(leaf.key) })),
      ),
      fixed: [...effects.fixed, ...fixed].map((index) => ({
        index,
        value: detach(scanned.values[index] as string),
      })),
      distinct: message === undefined ? [] : telling.byMessage.map((index) => [index, message]),
      trials: effects.areAllNew ? TRIALS : FEWER_TRIALS,
    }
  );
}

/** Beside the line that it is learned from. */
const TRIALS = 8;
/** Of a shape that has values in common with others. */
const FEWER_TRIALS = 3;

/** False when a redaction rule may replace a whole object, or a value for what another one says. */
function areLeftAlone(leaves: FoundFields['leaves'], paths: readonly Path[], { redactor }: LinePolicy): boolean {
  return leaves.every((leaf) => {
    if (!leaf) return true;
    const path = leaf.place.split('.');
    const isNamed = /^value$/i.test(leaf.key) && paths.some((other) => namesValue(other, path));
    return !isNamed && !path.slice(0, -1).some((each) => redactor.namesKey(each));
  });
}

/** `{ "name": "password", "value": "…" }` */
function namesValue(other: Path, value: Path): boolean {
  const isName = /^(?:name|key|header|field)$/i.test(other.at(-1) ?? '');
  return (
    isName && other.length === value.length && other.every((key, at) => at === other.length - 1 || key === value[at])
  );
}
