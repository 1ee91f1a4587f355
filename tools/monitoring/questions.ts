/** A query of Athena on the Grafana dashboard. */
export interface Answer {
  readonly title: string;
  /** A line or a bar of each service, or rows. */
  readonly as: 'lines' | 'bars' | 'table';
  /** Of the 24 columns of the dashboard. */
  readonly width: 12 | 24;
  /** What Grafana calls the unit of a column: https://grafana.com/docs/grafana/latest/panels-visualizations/configure-standard-options/ */
  readonly units: Readonly<Record<string, string>>;
  /** Pixels of columns of a table that need not have the same share of it as the others. */
  readonly widths?: Readonly<Record<string, number>>;
  /** Columns of a table in which anything but zero is bad. */
  readonly bad?: readonly string[];
  /** What it means that there are no rows. */
  readonly empty: string;
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

const noRequests = 'No access line of these hours';

const noErrors = 'No error of these hours';

/** In the order in which somebody asks at night: what fails, where, since when, and what is slow. */
export const questions: readonly Answer[] = [
  {
    ...{ title: 'Share of 5xx, by service', as: 'lines', width: 12, units: { failed: 'percent' }, empty: noRequests },
    sql: `SELECT date_trunc('minute', ts) AS time, service,
  100.0 * count_if(status >= 500) / count(*) AS failed FROM access
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    ...{ title: 'Errors a minute, by service', as: 'bars', width: 12, units: { errors: 'short' }, empty: noErrors },
    sql: `SELECT date_trunc('minute', ts) AS time, service, count(*) AS errors FROM error
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    ...{ title: 'Most frequent errors', as: 'table', width: 24, units: { times: 'short' }, empty: noErrors },
    widths: { service: 200, fingerprint: 150, times: 80, first_seen: 165, last_seen: 165 },
    sql: `SELECT service, fingerprint, count(*) AS times, min(ts) AS first_seen, max(ts) AS last_seen, max(message) AS example FROM error
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    ...{
      title: 'Requests a minute, by service',
      as: 'lines',
      width: 12,
      units: { requests: 'short' },
      empty: noRequests,
    },
    sql: `SELECT date_trunc('minute', ts) AS time, service, count(*) AS requests FROM access
WHERE ${panelHours}
GROUP BY 1, 2 ORDER BY 1`,
  },
  {
    ...{
      title: 'Slowest paths',
      as: 'table',
      width: 12,
      units: { requests: 'short', p95: 'ms' },
      empty: noRequests,
    },
    widths: { service: 150, method: 75, requests: 90, p95: 90 },
    sql: `SELECT service, method, path, count(*) AS requests, approx_percentile(duration_ms, 0.95) AS p95 FROM access
WHERE ${panelHours}
  AND duration_ms IS NOT NULL
GROUP BY 1, 2, 3 ORDER BY p95 DESC LIMIT 50`,
  },
  {
    ...{ title: 'Log routers', as: 'table', width: 24, bad: ['dropped'] },
    units: { most_late: 'ms', dropped: 'short', retries: 'short', on_disk: 'bytes' },
    widths: { cluster: 180, task: 300 },
    empty: 'No canary came: routers write none, or none arrives',
    sql: `SELECT cluster, task, max(CAST(json_extract_scalar(fields, '$.lag_ms') AS bigint)) AS most_late,
  sum(CAST(json_extract_scalar(fields, '$.dropped') AS bigint)) AS dropped,
  sum(CAST(json_extract_scalar(fields, '$.retries') AS bigint)) AS retries,
  max(CAST(json_extract_scalar(fields, '$.disk_bytes') AS bigint)) AS on_disk FROM app
WHERE ${panelHours}
  AND service = 'firesplit-canary'
GROUP BY 1, 2 ORDER BY dropped DESC, most_late DESC LIMIT 50`,
  },
];
