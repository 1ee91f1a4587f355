import { createHash } from 'node:crypto';
import { type Newcomers, placesOf } from '../conditions/newcomers.js';
import type { Rule } from '../rules/language/rule.js';
import { groupKey, otherKey } from '../signals/alertKey.js';
import type { Signal } from '../signals/signal.js';
import { tallyOf } from '../signals/tally.js';
import { type Group, groupBy } from '../text/groupBy.js';
import { inParallel } from '../text/parallel.js';
import { keysPrefix } from './batchLedger.js';
import { type Considered, consider } from './consider.js';
import { isLearning } from './learning.js';
import { undelivered } from './outcome.js';
import type { AlertId, AlertPorts } from './ports.js';
import type { RuleBook } from './ruleBook.js';
import { type AlertState, decideOn, isNews, type Part } from './state/decide.js';
import { alertId } from './state/ids.js';
import { type Loaded, parallelSaves } from './state/update.js';

/** The signals of one rule and key, by batch. */
export interface KeyMatches {
  readonly id: AlertId;
  readonly rule: Rule;
  readonly parts: Group<Part>;
  /** Where it was loaded already. */
  readonly loaded?: Loaded;
  /** People are told of these lines with those of other keys, or not at all. */
  readonly isQuiet?: true;
}

type NewRule = Extract<Rule, { type: 'new' }>;
type NewMatches = KeyMatches & { readonly rule: NewRule };

/**
 * Looks at the new keys of batches before each is considered: while its rule learns none is told, and of a crowd of one group (the key
 * without its last column: the errors of a service) only so many are told singly. The others are told together, as one key
 * that stands for them all.
 *
 * @returns the matches, with what was found out of them, and what was decided on those that are told together.
 */
export async function lookAtNewKeys(
  matches: readonly KeyMatches[],
  book: RuleBook,
  ports: AlertPorts,
): Promise<{ readonly matches: readonly KeyMatches[]; readonly considered: readonly Considered[] }> {
  const looked = await inParallel(matches, parallelSaves, (each) => load(each, ports));
  const [quiet, failed] = [new Set<KeyMatches>(), new Set<KeyMatches>()];
  const considered: Considered[] = [];
  const news = looked.flatMap(({ match, isNew }) => (isNew ? [match as NewMatches] : []));
  for (const [, ofGroup] of groupBy(news, ({ rule, parts }) => `${rule.name} ${groupOf(rule, parts).key}`)) {
    try {
      const { together, outcomes } = await admit(ofGroup, book, ports);
      for (const each of together) quiet.add(each);
      considered.push(...outcomes);
    } catch (error) {
      for (const each of ofGroup) failed.add(each);
      considered.push(...ofGroup.map(({ id }) => undelivered(id, error)));
    }
  }
  const others = looked.flatMap(({ match }) => (failed.has(match) ? [] : [match]));
  return { matches: others.map((each) => (quiet.has(each) ? { ...each, isQuiet: true } : each)), considered };
}

/** Finds out whether a key is new to its rule. */
async function load(match: KeyMatches, { store, clock }: AlertPorts) {
  const { id, rule, parts } = match;
  if (rule.type !== 'new' || id.replayed || id.key === otherKey) return { match, isNew: false };
  try {
    const stored = store.recall?.(alertId(id)) ?? (await store.load(alertId(id)));
    const isNew = isNews(stored?.value as AlertState | undefined, rule, parts, clock.now());
    return { match: { ...match, loaded: { stored } }, isNew };
  } catch {
    // Whoever considers it will have the same trouble, and says so.
    return { match, isNew: false };
  }
}

/** Gives the new keys of one group their places. */
async function admit(
  keys: Readonly<Group<NewMatches>>,
  book: RuleBook,
  ports: AlertPorts,
): Promise<{ readonly together: readonly KeyMatches[]; readonly outcomes: readonly Considered[] }> {
  const [{ rule, parts }] = keys;
  if (await isLearning(rule, ports)) return { together: keys, outcomes: [] };

  const { key, labels } = groupOf(rule, parts);
  const loudest = [...keys].sort((a, b) => linesOf(b) - linesOf(a));
  let together: readonly KeyMatches[] = [];
  const outcomes = await consider(
    { rule: rule.name, key },
    rule,
    labels,
    (state, hold) => {
      const now = ports.clock.now();
      const before = newcomersOf(state);
      const names = loudest.map(({ id }) => id.key);
      const { singly, hasPlace } = placesOf(before, names, rule.burst, now);
      const crowd = loudest.filter(({ id }) => !hasPlace(id.key));
      together = crowd;
      const untold = isUntold(state, now) ? before.together : 0;
      const newcomers = { singly, together: untold + crowd.length };
      const memory = { type: 'new', lastSeen: now, newcomers } as const;
      const look = () => {
        const [first, ...others] = crowd.flatMap(signalsOf);
        if (!first) return { outcome: 'noted', memory } as const;
        const tally = { ...tallyOf([first, ...others]), labels };
        const measured = { type: 'new', keys: newcomers.together } as const;
        return { outcome: 'counted', memory, firing: { tally, measured } } as const;
      };
      return decideOn(state, rule, [groupBatch(keys)], labels, look, now, hold);
    },
    book,
    ports,
  );
  return { together, outcomes };
}

/** The key without its last column. */
function groupOf({ by }: Rule, [{ signals }]: Readonly<Group<Part>>) {
  const [{ labels }] = signals;
  const columns = by.slice(0, -1);
  const known = columns.flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]] as const]));
  return { key: groupKey(columns.map((name) => labels[name] ?? '')), labels: Object.fromEntries(known) };
}

function newcomersOf(state: AlertState | undefined): Newcomers {
  const none: Newcomers = { singly: [], together: 0 };
  return state?.memory.type === 'new' ? (state.memory.newcomers ?? none) : none;
}

/** Whether people were not told yet of the keys that were counted together. */
function isUntold(state: AlertState | undefined, now: number): boolean {
  if (state?.held) return true;
  return state?.delivery.status === 'pending' && now >= state.delivery.leaseUntil;
}

/**
 * What the group remembers to have counted: batches may have further keys of it, in another message or when they come again. No batch has
 * this name.
 */
function groupBatch(keys: readonly KeyMatches[]): string {
  const names = keys.flatMap(({ id, parts }) => parts.map(({ batch }) => `${batch} ${id.key}`));
  return keysPrefix + createHash('sha256').update(names.sort().join('\n')).digest('hex');
}

function linesOf(match: KeyMatches): number {
  return signalsOf(match).reduce((sum, { count }) => sum + count, 0);
}

function signalsOf({ parts }: KeyMatches): Signal[] {
  return parts.flatMap(({ signals }) => signals);
}
