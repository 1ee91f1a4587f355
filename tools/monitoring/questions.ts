/** A query of Athena on the Grafana dashboard. */
export interface Answer {
  readonly title: string;
  readonly as: 'series' | 'table';
  readonly sql: string;
}

/**
 * The hours of the panel, by which Athena leaves out what it need not read: `dt` and `hour` are of the event, `arrived` begins an hour
 * before, for lines of clocks that go ahead. The plugin puts the panel's time where the macros stand, in UTC. Only `$__timeFilter` writes it
 * in the zone of Grafana's server, so it is not used (https://github.com/grafana/athena-datasource/blob/main/pkg/athena/macros.go).
 */
const panelHours = `ts BETWEEN $__timeFrom() AND $__timeTo()
  AND dt BETWEEN $__rawTimeFrom('yyyy-MM-dd') AND $__rawTimeTo('yyyy-MM-dd')
  AND concat(dt, '-', hour) BETWEEN $__rawTimeFrom('yyyy-MM-dd-HH') AND $__rawTimeTo('yyyy-MM-dd-HH')
  AND arrived >= date_format($__timeFrom() - interval '1' hour, '%Y-%m-%d-%H')`;

export const questions: readonly Answer[] = [
  {
    title: 'Requests a minute, by service',
    as: 'series',
    sql: `SELECT date_trunc('minute', ts) AS time, service, count(*) AS requests FROM access
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    title: 'Share of 5xx, by service (%)',
    as: 'series',
    sql: `SELECT date_trunc('minute', ts) AS time, service,
  100.0 * count_if(status >= 500) / count(*) AS failed FROM access
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    title: 'Errors a minute, by service',
    as: 'series',
    sql: `SELECT date_trunc('minute', ts) AS time, service, count(*) AS errors FROM error
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    title: 'Most frequent errors',
    as: 'table',
    sql: `SELECT service, fingerprint, count(*) AS times, min(ts) AS first_seen, max(ts) AS last_seen, max(message) AS example FROM error
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    title: 'Slowest paths',
    as: 'table',
    sql: `SELECT service, method, path, count(*) AS requests, approx_percentile(duration_ms, 0.95) AS p95_ms FROM access
WHERE ${panelHours}
  AND duration_ms IS NOT NULL
GROUP BY 1, 2, 3 ORDER BY p95_ms DESC LIMIT 50`,
  },
  {
    title: 'Log routers',
    as: 'table',
    sql: `SELECT cluster, task, max(CAST(json_extract_scalar(fields, '$.lag_ms') AS bigint)) AS most_late_ms,
  sum(CAST(json_extract_scalar(fields, '$.dropped') AS bigint)) AS dropped,
  sum(CAST(json_extract_scalar(fields, '$.retries') AS bigint)) AS retries,
  max(CAST(json_extract_scalar(fields, '$.disk_bytes') AS bigint)) AS disk_bytes FROM app
WHERE ${panelHours}
  AND service = 'firesplit-canary'
GROUP BY 1, 2 ORDER BY dropped DESC, most_late_ms DESC LIMIT 50`,
  },
];
