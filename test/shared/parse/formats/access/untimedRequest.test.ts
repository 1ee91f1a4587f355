import { describe } from '@jest/globals';
import { untimedRequest } from '../../../../../shared/parse/formats/access/untimedRequest.js';
import { itIsLinear } from '../../../../helpers/formats.js';

describe('requests without a time of their own', () => {
  itIsLinear(untimedRequest, ['::1 ', '::1 "GET /', '::1 "GET / HTTP/1.1" 200 12 ', '::1 "GET / HTTP/1.1" 200 12 "']);
});
