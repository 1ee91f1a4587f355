import { expect, it } from '@jest/globals';
import { unsetEmpty } from '../../../local/deployed/emptyVariables.js';

it('takes empty variables of AWS as unset, and leaves every other one', () => {
  const env = { AWS_REGION: '', AWS_PROFILE: ' ', AWS_ACCESS_KEY_ID: 'key', NO_COLOR: '' };
  unsetEmpty(env);
  expect(env).toEqual({ AWS_ACCESS_KEY_ID: 'key', NO_COLOR: '' });
});
