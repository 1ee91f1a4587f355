import { describe, expect, it } from '@jest/globals';
import { checkCopySource, deleteCondition, readVerdict, writeCondition } from '../../../../local/s3/api/conditions.js';
import { bareDescription } from '../../../../local/s3/store/description.js';

const etag = '0123456789abcdef0123456789abcdef';
const modified = Date.parse('2026-11-22T16:42:53.974Z');
const object = { key: 'a', size: 1, modified, description: bareDescription(etag) };
const [before, same, after] = ['16:42:52', '16:42:53', '16:42:54'].map((time) => `Sun, 22 Nov 2026 ${time} GMT`);

describe('a read', () => {
  it.each([
    [{}, 'answer'],
    [{ 'if-match': `"${etag}"` }, 'answer'],
    [{ 'if-match': etag }, 'answer'],
    [{ 'if-match': '*' }, 'answer'],
    [{ 'if-match': `"other", "${etag}"` }, 'answer'],
    [{ 'if-match': '"other"' }, 'failed'],
    [{ 'if-none-match': `"${etag}"` }, 'not modified'],
    [{ 'if-none-match': `W/"${etag}"` }, 'not modified'],
    [{ 'if-none-match': '*' }, 'not modified'],
    [{ 'if-none-match': '"other"' }, 'answer'],
    [{ 'if-modified-since': before }, 'answer'],
    [{ 'if-modified-since': same }, 'not modified'],
    [{ 'if-modified-since': after }, 'not modified'],
    [{ 'if-modified-since': 'yesterday' }, 'answer'],
    [{ 'if-unmodified-since': before }, 'failed'],
    [{ 'if-unmodified-since': same }, 'answer'],
    // What S3 says of both: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    [{ 'if-match': etag, 'if-unmodified-since': before }, 'answer'],
    [{ 'if-none-match': etag, 'if-modified-since': before }, 'not modified'],
    [{ 'if-none-match': '"other"', 'if-modified-since': after }, 'answer'],
  ])('with %j: %s', (headers, kind) => expect(readVerdict(headers, object).kind).toBe(kind));
});

describe('a copy', () => {
  it.each([
    [{ 'x-amz-copy-source-if-match': etag }, undefined],
    [{ 'x-amz-copy-source-if-match': '"other"' }, 'x-amz-copy-source-If-Match'],
    [{ 'x-amz-copy-source-if-none-match': etag }, 'x-amz-copy-source-If-None-Match'],
    [{ 'x-amz-copy-source-if-unmodified-since': before }, 'x-amz-copy-source-If-Unmodified-Since'],
    // Those of the target are not those of the source.
    [{ 'if-match': '"other"' }, undefined],
  ])('with %j: %s', (headers, Condition) => {
    const check = () => checkCopySource(headers, object);
    if (Condition === undefined) check();
    else expect(check).toThrow(expect.objectContaining({ code: 'PreconditionFailed', details: { Condition } }));
  });
});

describe('a write', () => {
  it.each([
    [{}, object, undefined],
    [{ 'if-none-match': '*' }, undefined, undefined],
    [{ 'if-none-match': '*' }, object, 'PreconditionFailed'],
    [{ 'if-match': etag }, object, undefined],
    [{ 'if-match': '*' }, object, undefined],
    [{ 'if-match': '"other"' }, object, 'PreconditionFailed'],
    [{ 'if-match': etag }, undefined, 'NoSuchKey'],
  ])('with %j over %j: %s', (headers, current, code) => {
    const check = () => writeCondition(headers, 'a')(current);
    if (code === undefined) check();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });

  it('with If-None-Match and an ETag is not implemented, as in S3', () => {
    expect(() => writeCondition({ 'if-none-match': `"${etag}"` }, 'a')).toThrow(
      expect.objectContaining({ code: 'NotImplemented' }),
    );
  });
});

describe('a delete', () => {
  it.each([
    [etag, object, undefined],
    ['*', object, undefined],
    ['"other"', object, 'PreconditionFailed'],
    [etag, undefined, undefined],
  ])('with If-Match %s of %j: %s', (match, current, code) => {
    const check = () => deleteCondition(match)?.(current);
    if (code === undefined) check();
    else expect(check).toThrow(expect.objectContaining({ code }));
  });
});
