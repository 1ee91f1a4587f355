import { s3 } from '../limits.js';
import type { ObjectPlace, SourceObjects } from './ports.js';

/** The tag of an object whose records are all back on the stream; its value names the replay. */
const replayedTag = 'firesplit-replayed';

/** The replay that has put all of an object back. */
export async function replayedBy(place: ObjectPlace, objects: SourceObjects): Promise<string | undefined> {
  return (await objects.tags(place))[replayedTag];
}

/**
 * Tags an object beside the tags that it has.
 *
 * @returns why it has no tag. Its records are on the stream all the same, and putting them back once more would store none twice.
 */
export async function markReplayed(
  place: ObjectPlace,
  replay: string,
  objects: SourceObjects,
): Promise<string | undefined> {
  try {
    const tags = { ...(await objects.tags(place)), [replayedTag]: replay };
    if (Object.keys(tags).length > s3.maxTags) return `it has no room for the tag ${replayedTag}`;
    await objects.tag(place, tags);
    return undefined;
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDenied') return `it could not be tagged: ${error.message}`;
    throw error;
  }
}
