import { gunzipSync, gzipSync } from 'node:zlib';

/**
 * The same job in the usual blueprint style, to measure against: parse each line as JSON, match the log with one
 * regular expression, print the result as JSON. It knows combined access lines and JSON application lines, no more,
 * and collects by type only.
 */
export function baseline(records: readonly string[], gzipLevel: number): Buffer[] {
  const out = new Map<string, string[]>();
  for (const data of records) {
    for (const line of gunzipSync(Buffer.from(data, 'base64')).toString('utf8').split('\n')) {
      if (!line.trim()) continue;
      const { type, row } = transformLine(line);
      const rows = out.get(type);
      if (rows) rows.push(JSON.stringify(row));
      else out.set(type, [JSON.stringify(row)]);
    }
  }
  return [...out.values()].map((rows) => gzipSync(`${rows.join('\n')}\n`, { level: gzipLevel }));
}

const accessLine =
  /^(\S+) (\S+) (\S+) \[([^\]]+)\] "(\S+) (\S+) ([^"]*)" (\d{3}) (\d+|-)(?: "([^"]*)" "([^"]*)")?(?: ([\d.]+))?$/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function transformLine(line: string): { type: string; row: object } {
  const record = JSON.parse(line);
  const common = {
    service: record.container_name,
    source: record.source,
    task: record.ecs_task_arn?.split('/').pop(),
    cluster: record.ecs_cluster,
  };
  const match = accessLine.exec(record.log);
  if (match) {
    const [, client_ip, , , time = '', method, target = '', protocol, status, bytes, referer, user_agent, seconds] =
      match;
    const [, day, month = '', year, hour, minute, second] = /(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+)/.exec(time) ?? [];
    const ts = new Date(
      Date.UTC(Number(year), months.indexOf(month), Number(day), Number(hour), Number(minute), Number(second)),
    );
    const [path, query] = target.split('?');
    return {
      type: 'access',
      row: {
        ts: ts.toISOString(),
        ...common,
        client_ip,
        method,
        path,
        query,
        protocol,
        status: Number(status),
        bytes: Number(bytes),
        referer,
        user_agent,
        duration_ms: Number(seconds) * 1000,
        container_id: record.container_id,
      },
    };
  }
  if (record.log.startsWith('{')) {
    const { level, msg, message, ...fields } = JSON.parse(record.log);
    const type = level === 'error' || level >= 50 ? 'error' : 'app';
    return {
      type,
      row: { ts: record.time, ...common, level, message: msg ?? message, fields: JSON.stringify(fields) },
    };
  }
  return { type: 'app', row: { ts: record.time, ...common, message: record.log } };
}
