import { describe } from '@jest/globals';
import { nextJs, phpServer } from '../../../../../shared/parse/formats/access/developmentServers.js';
import { itIsLinear } from '../../../../helpers/formats.js';

describe('development servers', () => {
  itIsLinear(nextJs, ['GET /', 'GET / 200 in ', 'GET / 200 in 1ms (']);
  itIsLinear(phpServer, ['[Sun Nov 22 16:41:02 2026] ', '[Sun Nov 22 16:41:02 2026] ::1 [200]: GET /']);
});
