import type { AccessColumns, Fields, Parsed } from '../../../line/parsed.js';
import type { TextFormat } from '../../format.js';
import { firstAddress } from '../../values/address.js';
import { scaleToMilliseconds } from '../../values/duration.js';
import { putNumber } from '../../values/number.js';
import { splitTarget } from '../../values/request.js';

/** The requests that uWSGI logs. Their time names no zone. https://uwsgi-docs.readthedocs.io/en/latest/LogFormat.html */
export const uwsgi: TextFormat = {
  name: 'uwsgi',
  first: /\[/,
  dates: [],
  samples: [
    {
      of: 'uWSGI',
      line: '[pid: 7|app: 0|req: 1/1] 203.0.113.9 () {28 vars in 345 bytes} [Sun Nov 22 16:41:02 2026] GET /a?b=c => generated 12 bytes in 4 msecs (HTTP/1.1 200) 2 headers in 79 bytes (1 switches on core 0)',
    },
  ],
  parse(line): Parsed | undefined {
    const groups = pattern.exec(line)?.groups;
    if (!groups) return undefined;
    const {
      pid,
      client = '',
      user,
      time,
      method,
      target = '',
      bytes = '',
      duration = '',
      unit,
      protocol,
      status = '',
    } = groups;
    const columns: AccessColumns = { ...splitTarget(target) };
    if (method) columns.method = method;
    if (protocol) columns.protocol = protocol;
    const address = firstAddress(client);
    if (address !== '' && address !== '-') columns.client_ip = address;
    const fields: Fields = [
      ['pid', Number(pid)],
      ['time', time],
    ];
    if (address !== client) fields.push(['x_forwarded_for', client]);
    if (user) fields.push(['remote_user', user]);
    putNumber(columns, fields, 'status', status);
    putNumber(columns, fields, 'bytes', bytes);
    putNumber(columns, fields, 'duration_ms', duration, (value) =>
      scaleToMilliseconds(value, unit === 'micros' ? 1e-3 : 1),
    );
    return { type: 'access', columns, fields };
  },
};

const pattern =
  /^\[pid: (?<pid>\d{1,10})\|app: [\d-]{1,10}\|req: [\d/-]{1,30}\] (?<client>[^({]{0,1024}?) \((?<user>[^)]{0,255})\) \{\d+ vars in \d+ bytes\} \[(?<time>[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\] (?<method>[A-Z][A-Z_-]{0,31}) (?<target>.*) => generated (?<bytes>\d{1,40}) bytes in (?<duration>\d{1,40}) (?<unit>msecs|micros)(?: via \w{1,16}\(\))? \((?<protocol>[^ )]{0,16}) (?<status>\d{1,3})\)(?: \d+ headers in \d+ bytes)?(?: \(\d+ \w+ on core \d+\))?$/;
