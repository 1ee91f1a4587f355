import { s3 } from '../../../shared/limits.js';
import type { Description } from '../store/description.js';
import type { Elements } from './elements.js';
import { invalidArgument, S3Error } from './s3Error.js';
import { XmlElement } from './xml.js';

type Tags = Description['tags'];

/** `x-amz-tagging: key=value&…` */
export function tagsInHeader(header: string | readonly string[] | undefined): Tags {
  const text = String(header ?? '');
  const pairs = [...new URLSearchParams(text)];
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      text,
    );
  }
  return checked(pairs);
}

/** The document of PutObjectTagging. */
export function tagsInXml(text: string): Tags {
  const sets = XmlElement.read(text, 'Tagging').all('TagSet');
  const pairs = sets
    .flatMap((set) => set.all('Tag'))
    .map((tag) => [tag.required('Key'), tag.required('Value')] as const);
  if (new Set(pairs.map(([key]) => key)).size < pairs.length) {
    throw invalidTag('Cannot provide multiple Tags with the same key');
  }
  return checked(pairs);
}

export function tagsXml(tags: Tags): Elements {
  return { TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function checked(pairs: readonly (readonly [string, string])[]): Tags {
  if (pairs.length > s3.maxTags)
    throw new S3Error('BadRequest', `Object tags cannot be greater than ${s3.maxTags}`, 400);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > s3.maxTagKeyLength || !isTagText(key)) {
      throw invalidTag('The TagKey you have provided is invalid', key);
    }
    if (value.length > s3.maxTagValueLength || !isTagText(value)) {
      throw invalidTag('The TagValue you have provided is invalid', key);
    }
    if (/^aws:/i.test(key)) throw invalidTag('System tags cannot be added/updated by requester', key);
  }
  return Object.fromEntries(pairs);
}

function isTagText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text);
}

function invalidTag(message: string, key?: string): S3Error {
  return new S3Error('InvalidTag', message, 400, { TagKey: key });
}
