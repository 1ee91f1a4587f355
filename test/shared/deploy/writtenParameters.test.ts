import { expect, it } from '@jest/globals';
import { parametersMetadata, writtenParameters } from '../../../shared/deploy/writtenParameters.js';

it('writes what a deployment was told into its template, but for secrets, and reads it again', () => {
  const told = { retentionDays: 30, tags: { team: 'logs' }, redactHashKey: 'verysecret', putBackKeys: 'verysecret' };
  const template = { Resources: {}, Metadata: parametersMetadata(told) };
  expect(JSON.stringify(template)).not.toContain('verysecret');
  expect(writtenParameters(template)).toEqual({ retentionDays: '30', tags: '{"team":"logs"}' });
  expect(writtenParameters({})).toBeUndefined();
  expect(writtenParameters({ Metadata: { Other: {} } })).toBeUndefined();
});
