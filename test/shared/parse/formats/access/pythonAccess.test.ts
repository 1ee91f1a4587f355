import { describe } from '@jest/globals';
import { pythonAccess } from '../../../../../shared/parse/formats/access/pythonAccess.js';
import { itIsLinear, itReads } from '../../../../helpers/formats.js';

describe('requests of Python servers', () => {
  itReads(pythonAccess, [
    [
      'INFO:     203.0.113.9:51234 - "GET /a?b=c HTTP/1.1" 404 Not Found',
      {
        type: 'access',
        columns: {
          client_ip: '203.0.113.9',
          method: 'GET',
          path: '/a',
          query: 'b=c',
          protocol: 'HTTP/1.1',
          status: 404,
        },
        fields: { client_port: 51234 },
      },
    ],
    [
      '203.0.113.9 - - [22/Nov/2026 16:41:02] "GET /a HTTP/1.1" 200 12',
      {
        type: 'access',
        columns: { client_ip: '203.0.113.9', method: 'GET', path: '/a', protocol: 'HTTP/1.1', status: 200, bytes: 12 },
        fields: { time: '22/Nov/2026 16:41:02' },
      },
    ],
  ]);

  itIsLinear(pythonAccess, [
    'INFO:     ',
    'INFO:     1:1 - "',
    '[22/Nov/2026 16:41:02] "',
    '2026-11-22 16:41:02,123 werkzeug ',
  ]);
});
