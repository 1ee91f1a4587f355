import type { NotifiedAlert } from '../../shared/alerts/simulation/simulate.js';
import { typeOf } from '../../shared/conditions/index.js';
import { bucketWidth } from '../../shared/conditions/window.js';
import { type LogType, tables } from '../../shared/line/schema/index.js';
import type { Rule } from '../../shared/rules/language/rule.js';
import { type CompiledRule, compileRule } from '../../shared/rules/matching/compiledRule.js';
import type { RuleSet, SignalCollector } from '../../shared/rules/matching/match.js';
import { isSeveral, joinKey } from '../../shared/signals/alertKey.js';
import { sampleText } from '../../shared/signals/sample.js';
import { fromBinary } from '../../shared/text/binary.js';
import { asText, RowView, type ViewedRow } from '../../shared/where/compileWhere.js';
import { readSlots } from '../backtest/slots.js';
import { liveRules, lookBackOf, type Search, slotWidth } from './toldAlert.js';

/** Lines that are alike to the rules, and close enough in time to count as one moment. */
export interface AlikeLines {
  readonly type: LogType;
  /** The first that was read. */
  readonly row: ViewedRow;
  readonly count: number;
  /** Event time of the first, ms since the epoch. */
  readonly first: number;
}

/** The lines behind an alert, by time. */
export interface KeptLines {
  readonly alike: readonly AlikeLines[];
  /** Lines of before that there was no room for. */
  readonly leftOut: number;
  /** Columns, and paths into `fields`, that the rules look at. */
  readonly reads: ReadonlySet<string>;
}

/** Groups of lines that are remembered while they are read. */
const maxGroups = 10_000;

/** Reads the lines again that make a rule tell people of an alert. */
export async function keepLines(told: NotifiedAlert, search: Search): Promise<KeptLines> {
  const { buckets, rules, late, signal } = search;
  const rule = told.alert.settings;
  const compiled = liveRules(rule, rules).map(compileRule);
  const keeper = new Keeper(compiled, told);
  const period = { from: beginOf(told, search), to: told.at };
  const progress = { rows: 0, bytes: 0, unreadable: 0, hours: 0 };
  const slots = readSlots(buckets, keeper.ruleSet(), { period, late, signal }, slotWidth, progress);
  for await (const _ of slots) signal?.throwIfAborted();
  return { ...keeper.kept(), reads: new Set(compiled.flatMap(({ reads }) => reads)) };
}

/** Where the rule began to look. Of what changed the value of before is needed, however old. */
function beginOf({ alert, at }: NotifiedAlert, { period, rules }: Search): number {
  const rule = alert.settings;
  if (rule.type === 'change') return period.from;
  const looks = liveRules(rule, rules).map((each) => (each.type === 'new' ? 0 : lookBackOf(each)));
  const { first, last, measured } = alert.notice;
  const lastSeen = 'lastSeen' in measured ? measured.lastSeen : undefined;
  const reference = Math.min(at, lastSeen ?? (last > 0 ? last : at));
  return Math.min(first > 0 ? first : reference, reference - Math.max(...looks)) - rule.lateness;
}

class Keeper {
  private readonly groups = new Map<string, { -readonly [Name in keyof AlikeLines]: AlikeLines[Name] }>();
  private readonly view = new RowView();
  private readonly width: number;
  private leftOut = 0;

  constructor(
    private readonly compiled: readonly CompiledRule[],
    private readonly told: NotifiedAlert,
  ) {
    const { settings } = told.alert;
    // Where no windows are looked at, the order may matter, as that of what changed.
    this.width = typeOf(settings).lookBack ? bucketWidth(settings) : SECOND;
  }

  /** Has the rows passed to it that rules would be shown; it signals nothing. */
  ruleSet(): RuleSet {
    const collector: SignalCollector = {
      observe: (type, row) => this.take(type, row),
      access: (json, ts) => this.take('access', { ...(JSON.parse(fromBinary(json)) as ViewedRow), ts }),
      signals: () => [],
      failures: () => [],
    };
    const rules = this.compiled.map(({ rule }) => rule);
    return { rules, columns: (type) => Object.keys(tables[type]), collector: () => collector };
  }

  kept(): Pick<KeptLines, 'alike' | 'leftOut'> {
    const alike = [...this.groups.values()].sort((a, b) => a.first - b.first);
    return { alike, leftOut: this.leftOut };
  }

  private take(type: LogType, row: ViewedRow): void {
    this.view.show(row);
    const seen = this.compiled.map((each) => (each.rule.on.includes(type) ? this.seenBy(each) : ''));
    if (seen.every((each) => each === '')) return;
    const id = JSON.stringify([Math.floor(row.ts / this.width), type, ...seen]);
    const group = this.groups.get(id);
    if (group) {
      group.count++;
      group.first = Math.min(group.first, row.ts);
      return;
    }
    this.groups.set(id, { type, row, count: 1, first: row.ts });
    if (this.groups.size > maxGroups) this.forgetOldest();
  }

  private forgetOldest(): void {
    for (const [id, { count }] of this.groups) {
      this.groups.delete(id);
      this.leftOut += count;
      return;
    }
  }

  /** What makes a difference to the rule; empty where it, or the alert, has nothing to do with the line. */
  private seenBy({ rule, matches, by, isPart, readValue }: CompiledRule): string {
    const { view } = this;
    if (!matches(view)) return '';
    const values = by.map(({ read }) => asText(read(view)));
    const { alert } = this.told;
    const concerns = rule.name === alert.rule ? isOfKey(alert.key, values) : this.agrees(rule, values);
    if (!concerns) return '';
    // Whether it is in the part says all that is asked of such a number.
    const value = rule.type === 'quantile' ? undefined : readValue && asText(readValue(view));
    return JSON.stringify([values, isPart?.(view), value]);
  }

  /** Whether a key of a rule that this one goes by is the one that it goes by. */
  private agrees({ by }: Rule, values: readonly (string | undefined)[]): boolean {
    const { labels } = this.told.alert.notice;
    return by.every((name, at) => labels[name] === undefined || labels[name] === sampleText(values[at] ?? ''));
  }
}

function isOfKey(key: string, values: readonly (string | undefined)[]): boolean {
  const own = joinKey(values.map((value) => value ?? ''));
  return own === key || (isSeveral(key) && own.startsWith(key.slice(0, -1)));
}

const SECOND = 1000;
