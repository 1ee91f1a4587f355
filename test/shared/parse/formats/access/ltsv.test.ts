import { describe } from '@jest/globals';
import { ltsv } from '../../../../../shared/parse/formats/access/ltsv.js';
import { itIsLinear } from '../../../../helpers/formats.js';

describe('labelled tab-separated values', () => {
  itIsLinear(ltsv, ['status:200\t', 'time:x\tstatus:200\treq:']);
});
