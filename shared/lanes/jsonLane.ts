import type { Origin } from '../line/origin.js';
import { parseObject } from '../parse/json/object.js';
import { fromBinary } from '../text/binary.js';
import type { LinePolicy } from '../treatment/policy.js';
import { ByTreatment } from './byTreatment.js';
import { JsonRenderer } from './jsonRenderer.js';
import { type ScannedLine, scanLine } from './jsonScan.js';
import { learnShape, type Shape } from './jsonShape.js';
import type { FullRow, LaneRow, LearningLane } from './lane.js';
import { Lessons } from './lessons.js';
import { ShapeTree } from './shapeTree.js';
import { Sightings } from './sightings.js';

/**
 * Reads JSON lines: access lines, and application lines below level error.
 *
 * A program writes the same keys in the same order again and again. A line of such a shape goes through the full parse
 * and is taken apart by {@link learnShape}; further lines are walked from key to key, and the text between is copied. A
 * shape is trusted after it has given the very row of the full parse on several lines. After that every {@link RETRY}th line goes through the full parse again, and one difference closes its shape for good.
 *
 *     {\"time\":\"16:41\",\"status\":200,\"uri\":\"/a?b=1\"}
 *     └ literal ─┘     └ literal ──┘   └ literal ┘       └ tail
 *
 * A GB of JSON access lines takes 15 s of the transform's own time, and 42 s when the lane reads none; of application
 * lines 33 s instead of 71 s (`npm run bench -- --quick`, Node 20, two cores).
 */
export class JsonLane implements LearningLane {
  private readonly learned: ByTreatment<Learned>;
  /** Shapes, of all treatments. */
  private shapes = 0;
  /** The leaves of the line at hand: the tree fills it. A new array a line costs time. */
  private values: string[] = [];
  private reads = 0;
  private lessonsLeft = MAX_LESSONS;

  private readonly renderer: JsonRenderer;

  constructor(private readonly policy: LinePolicy) {
    this.renderer = new JsonRenderer(policy);
    this.learned = new ByTreatment(policy, () => ({
      shapes: new ShapeTree(),
      sightings: new Sightings(),
      lessons: new Lessons(),
    }));
  }

  read(text: string, start: number, end: number, origin: Origin, time: number): LaneRow | undefined {
    const shape = this.learned.of(origin).shapes.find(text, start, end, this.values);
    if (!shape || shape.trials > 0 || ++this.reads % RETRY === 0) return undefined;
    const row = this.renderer.render(shape, this.values, origin, time);
    if (row) this.renderer.countCovered();
    return row;
  }

  begin(): void {
    this.lessonsLeft = MAX_LESSONS;
  }

  learn(text: string, start: number, end: number, origin: Origin, time: number, { ts, json }: FullRow): void {
    if (end - start > LONGEST_LINE) return;
    const { shapes, sightings, lessons } = this.learned.of(origin);
    const gives = (shape: Shape) => {
      const row = this.renderer.render(shape, this.values, origin, time);
      return row && row.ts === ts && row.json === json;
    };
    const known = shapes.find(text, start, end, this.values);
    if (known) {
      const isRight = gives(known);
      if (isRight !== undefined) known.trials = isRight ? known.trials - 1 : Number.POSITIVE_INFINITY;
      return;
    }
    const line = scanLine(text, start, end);
    if (!line || line.leaves.length > MAX_LEAVES || !sightings.isDue(line)) return;
    this.lessonsLeft -= line.leaves.length;
    if (this.lessonsLeft < 0) return;
    this.values = [...line.values];
    const shape = this.learnLine(text.slice(start, end), line, origin, lessons, gives);
    if (!shape || !shapes.add(shape)) return;
    sightings.forget(line);
    if (++this.shapes >= MAX_SHAPES) this.forget();
  }

  /** By what is known of other shapes, or else of this line alone: the shape that gives its very row. */
  private learnLine(
    escaped: string,
    line: ScannedLine,
    origin: Origin,
    lessons: Lessons,
    isRight: (shape: Shape) => boolean | undefined,
  ): Shape | undefined {
    const object = parseObject(JSON.parse(`"${fromBinary(escaped)}"`) as string);
    if (!object) return undefined;
    for (const each of [lessons, new Lessons()]) {
      const shape = learnShape(line, object, origin, this.policy, each);
      if (shape && isRight(shape)) return shape;
    }
    return undefined;
  }

  private forget(): void {
    this.learned.forget();
    this.shapes = 0;
  }
}

/** What was learned from lines of one treatment. */
interface Learned {
  readonly shapes: ShapeTree;
  readonly sightings: Sightings;
  readonly lessons: Lessons;
}

/** Values of a line that may be learned from: each is asked what it decides, by a full parse of the line without it. */
const MAX_LEAVES = 100;
/** Characters. Longer ones, and what is learned from them, cost memory that the few of them don't earn. */
const LONGEST_LINE = 16_384;
/**
 * Values that are asked in one invocation, for an eighth to a seventh of a millisecond each: 1,000 shapes of eight keys
 * are learned at once, and those of a hostile invocation cost a few seconds.
 */
const MAX_LESSONS = 30_000;

/** One line in so many goes through the full parse again. */
const RETRY = 1000;
/** A shape of ten keys takes 3 kB, one of thirty 4 kB: all together 16 MB. When there are more, all are forgotten and learned anew. */
const MAX_SHAPES = 4096;
