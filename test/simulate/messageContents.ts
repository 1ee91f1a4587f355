import { type Collection, claimedName, foldedName } from '../../shared/alerts/delivery/collection.js';
import type { AlertId, Post } from '../../shared/alerts/ports.js';
import type { AlertState, Notice } from '../../shared/alerts/state/alertState.js';
import { endpointId, groupId, readAlertId } from '../../shared/alerts/state/ids.js';
import { keyPrefix, statesIn } from '../../shared/alerts/state/keyItem.js';

/** Alerts of a group or an endpoint, by their folded names. */
interface Contents {
  /** All names that are stored. */
  readonly names: ReadonlySet<string>;
  readonly claim: number;
  /** Those that the next message will tell of, and those of the message that is under way. */
  readonly open: ReadonlySet<string>;
  readonly posting: ReadonlySet<string>;
  /** The name that the message under way has where it is folded as a whole. */
  readonly postingName: string | undefined;
}

/**
 * Which alerts a message tells of. A message of many only counts them; but what is stored of its group or digest has a name for each, and
 * when it was folded and claimed is seen from one save to the next.
 */
export class MessageContents {
  private readonly alerts = new Map<string, AlertId>();
  private readonly collections = new Map<string, Contents>();

  /** Whether what is saved under an id tells anything. */
  watches(id: string): boolean {
    return id.startsWith(keyPrefix) || isCollection(id);
  }

  /** To be told of each item that is saved, in order. */
  saved(id: string, value: unknown): void {
    if (isCollection(id)) this.collections.set(id, this.next(id, value as Collection));
    for (const [state, entry] of statesIn(id, { value, version: 0 })) {
      const alert = readAlertId(state);
      // A large state is in an item of its own, and its alert is missed by whoever counts them.
      if (!alert || !entry.value) continue;
      for (const notice of noticesOf(entry.value as AlertState))
        this.alerts.set(foldedName({ ...alert, notice }), alert);
    }
  }

  /** The alerts that a message tells of, each as often as it was folded; while it is being posted. */
  of(post: Post): readonly AlertId[] {
    if (post.kind === 'alert') return [post.alert];
    const { route, digest } = post;
    const contents = this.collections.get(digest.group ? groupId(route, digest.group.key) : endpointId(route));
    return [...(contents?.posting ?? [])].flatMap((name) => this.alerts.get(name) ?? []);
  }

  private next(id: string, { claim, open, posting, folded }: Collection): Contents {
    const before = this.collections.get(id) ?? none;
    const names = new Set(folded?.names);
    const added = [...names].filter((name) => !before.names.has(name)).flatMap((name) => this.within(name));
    const isClaimed = claim > before.claim;
    return {
      names,
      claim,
      open: new Set([...(isClaimed || !open ? [] : before.open), ...added]),
      posting: new Set(posting ? [...before.posting, ...(isClaimed ? before.open : [])] : []),
      postingName: posting && claimedName(id, posting.digest),
    };
  }

  /** The names of what was folded by one name: of all that another message under way holds, if it is that. */
  private within(name: string): readonly string[] {
    const whole = [...this.collections.values()].find(({ postingName }) => postingName === name);
    return whole ? [...whole.posting] : [name];
  }
}

const none: Contents = { names: new Set(), claim: 0, open: new Set(), posting: new Set(), postingName: undefined };

function isCollection(id: string): boolean {
  return id.startsWith(groupId('', '').slice(0, -1)) || id.startsWith(endpointId(''));
}

/** What people are being told, and what routes are owed. */
function noticesOf({ delivery, owed = {} }: AlertState): Notice[] {
  const underWay = delivery.status === 'pending' ? [delivery.notice] : [];
  return [...underWay, ...Object.values(owed).flatMap(({ notices }) => notices)];
}
