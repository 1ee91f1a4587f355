import { describe } from '@jest/globals';
import { chi, fiber } from '../../../../../shared/parse/formats/access/goFrameworks.js';
import { itIsLinear } from '../../../../helpers/formats.js';

describe('the request loggers of Go', () => {
  itIsLinear(chi, ['2026/11/22 16:41:02 "GET ', '2026/11/22 16:41:02 [', '"GET / HTTP/1.1" from ']);
  itIsLinear(fiber, ['16:41:02 | 200 | ', '16:41:02 | 200 | 1ms | 203.0.113.9 | GET | /']);
});
