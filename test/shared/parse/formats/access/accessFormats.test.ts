import { describe } from '@jest/globals';
import { apacheSslRequest } from '../../../../../shared/parse/formats/access/apacheSslRequest.js';
import { combined } from '../../../../../shared/parse/formats/access/combined.js';
import { elbAccess, nlbAccess } from '../../../../../shared/parse/formats/access/elbAccess.js';
import { gin } from '../../../../../shared/parse/formats/access/gin.js';
import { haproxy, haproxyConnection, haproxyNotice } from '../../../../../shared/parse/formats/access/haproxy.js';
import { iis } from '../../../../../shared/parse/formats/access/iis.js';
import { nginxProxyManager } from '../../../../../shared/parse/formats/access/nginxProxyManager.js';
import { s3Access } from '../../../../../shared/parse/formats/access/s3Access.js';
import { squid } from '../../../../../shared/parse/formats/access/squid.js';
import { uwsgi } from '../../../../../shared/parse/formats/access/uwsgi.js';
import { itIsLinear } from '../../../../helpers/formats.js';

const clf = '[22/Nov/2026:16:41:02 +0000]';
const iso = '2026-11-22T16:41:02.945958Z';

describe('formats of access lines', () => {
  itIsLinear(combined, [
    `1.1.1.1 - - ${clf} "`,
    `1.1.1.1 - - ${clf} 0.1 "GET `,
    `1.1.1.1 - - ${clf} GET `,
    `1.1.1.1 - - ${clf} "GET / HTTP/1.1" 1 `,
    `1.1.1.1 - - ${clf} "GET / HTTP/1.1" 200 1 "-" "x" 1 0.004 [a] [] unix:n`,
  ]);
  itIsLinear(gin, ['[GIN] 2026/11/22 - 16:41:02 | 200 | ', '[GIN] 2026/11/22 - 16:41:02 | 200 | 1s | ::1 | GET "']);
  itIsLinear(haproxy, [
    '1.1.1.1:1 [22/Nov/2026:16:41:02.143] ',
    '1.1.1.1:1 [22/Nov/2026:16:41:02.143] a b/c 0/0/0/0/0 200 5 - - ---- 2/1/0/0/0 0/0 {',
    '<134>Nov 22 16:41:02 ',
  ]);
  itIsLinear(haproxyConnection, [
    '1.1.1.1:1 [22/Nov/2026:16:41:02.143] a/1: ',
    '1.1.1.1:1 [22/Nov/2026:16:41:02.143] ',
  ]);
  itIsLinear(haproxyNotice, ['[ALERT] (1) : ', 'Server a/b is ']);
  itIsLinear(uwsgi, [
    '[pid: 7|app: 0|req: 1/1] ',
    '[pid: 7|app: 0|req: 1/1] 1.1.1.1 () {28 vars in 345 bytes} [Sun Nov 22 16:41:02 2026] GET ',
  ]);
  itIsLinear(elbAccess, [`${iso} shop 1.1.1.1:1 1.1.1.1:1 0.1 `]);
  itIsLinear(nlbAccess, ['tls 2.0 2026-11-22T16:41:02 net/a ']);
  itIsLinear(s3Access, ['a ', `a abc ${clf} 1.1.1.1 `, `a abc ${clf} 1.1.1.1 - 3E REST.GET.OBJECT a "`]);
  itIsLinear(iis, ['2026-11-22 16:41:02 1.1.1.1 GET ', '2026-11-22 16:41:02 1.1.1.1 GET /a - 80 - 1.1.1.1 ']);
  itIsLinear(squid, ['1795365662.123 ', '1795365662.123 251 1.1.1.1 TCP_MISS/200 1541 GET ']);
  itIsLinear(nginxProxyManager, [`${clf} - 200 200 - GET https shop "`]);
  itIsLinear(apacheSslRequest, [`${clf} 1.1.1.1 TLSv1.3 - "`]);
});
