/** A query that is saved in the workgroup, for whoever opens Athena's console at night. */
export interface NamedQuery {
  /** In kebab-case: that of the rule whose alerts lead to it, or of what it shows. */
  readonly name: string;
  /** What its rows say, in a sentence. */
  readonly about: string;
  /** Ready to run: times are as seen from now, so nothing has to be filled in. */
  readonly sql: string;
}

/**
 * Lines of the last hours: by `arrived` first, which is what Athena leaves out unread. Lines come after their event, so what arrived in the
 * hour before the first one is never of it.
 */
function since(hours: number): string {
  return `arrived >= date_format(localtimestamp - interval '${hours}' hour, '%Y-%m-%d-%H')
  AND ts >= localtimestamp - interval '${hours}' hour`;
}

/** Percent of the rows of a group for which the condition holds. */
function percentOf(condition: string): string {
  return `round(100.0 * count_if(${condition}) / count(*), 2)`;
}

const canary = "service = 'firesplit-canary'";

function canaryField(name: string): string {
  return `cast(json_extract_scalar(fields, '$.${name}') AS bigint)`;
}

/** A message is cut where it is an example. */
const example = (column: string) => `substr(min(${column}), 1, 200) AS example`;

/** The lines of error and app: rules look at both, since what tells of a failure is often no error by its level. */
const entries = `(
  SELECT ts, arrived, service, task, level, logger, message, exception, stack, fields FROM error
  UNION ALL SELECT ts, arrived, service, task, level, logger, message, exception, stack, fields FROM app
)`;

/** Whether an entry says so anywhere, in any case. */
function says(pattern: string): string {
  return `regexp_like(concat_ws(' ', message, exception, stack, fields), '(?i)${pattern}')`;
}

/** Messages that differ in numbers alone are one. */
const template = "regexp_replace(substr(message, 1, 120), '[0-9]+', '#') AS template";

export const namedQueries: readonly NamedQuery[] = [
  {
    name: 'lines-by-service',
    about: 'How many lines and bytes each service logged in the last day, by type: what costs.',
    sql: `SELECT service, type, count(*) AS lines, sum(bytes) AS bytes FROM (
  SELECT service, 'access' AS type, length(coalesce(path, '')) + length(coalesce(user_agent, '')) + length(coalesce(fields, '')) AS bytes, ts, arrived FROM access
  UNION ALL
  SELECT service, 'error', length(coalesce(message, '')) + length(coalesce(stack, '')) + length(coalesce(fields, '')), ts, arrived FROM error
  UNION ALL
  SELECT service, 'app', length(coalesce(message, '')) + length(coalesce(stack, '')) + length(coalesce(fields, '')), ts, arrived FROM app
)
WHERE ${since(24)}
GROUP BY 1, 2 ORDER BY bytes DESC LIMIT 100`,
  },
  {
    name: 'noisiest-messages',
    about: 'The messages that were logged most in the last day, numbers left out.',
    sql: `SELECT service, level, ${template}, count(*) AS lines, sum(length(message)) AS bytes
FROM app
WHERE ${since(24)}
GROUP BY 1, 2, 3 ORDER BY bytes DESC LIMIT 50`,
  },
  {
    name: 'requests-by-status',
    about: 'Requests of the last hour by service and status.',
    sql: `SELECT service, status, count(*) AS requests, approx_percentile(duration_ms, 0.95) AS p95_ms
FROM access
WHERE ${since(1)}
GROUP BY 1, 2 ORDER BY 1, requests DESC`,
  },
  {
    name: 'slowest-paths',
    about: 'The slowest paths of the last hour, of those that were asked for ten times.',
    sql: `SELECT service, path, count(*) AS requests, approx_percentile(duration_ms, 0.5) AS p50_ms, approx_percentile(duration_ms, 0.95) AS p95_ms
FROM access
WHERE ${since(1)}
GROUP BY 1, 2 HAVING count(duration_ms) >= 10 ORDER BY p95_ms DESC LIMIT 50`,
  },
  {
    name: 'busiest-clients',
    about: 'The addresses with most requests of the last hour, with what they ask for and how much of it fails.',
    sql: `SELECT client_ip, count(*) AS requests, count(DISTINCT path) AS paths, ${percentOf('status >= 400')} AS failed_percent, sum(bytes) AS bytes,
  max_by(user_agent, ts) AS user_agent
FROM access
WHERE ${since(1)}
GROUP BY 1 ORDER BY requests DESC LIMIT 50`,
  },
  {
    name: 'http-5xx',
    about: 'Which paths were answered with server errors in the last hour, and since when.',
    sql: `SELECT service, status, path, count(*) AS requests, count(DISTINCT task) AS tasks, min(ts) AS first_ts, max(ts) AS last_ts
FROM access
WHERE ${since(1)} AND status >= 500
GROUP BY 1, 2, 3 ORDER BY requests DESC LIMIT 50`,
  },
  {
    name: 'http-5xx-task',
    about: 'The share of server errors of each task in the last hour: whether one task alone fails.',
    sql: `SELECT service, task, count(*) AS requests, ${percentOf('status >= 500')} AS failed_percent, max(ts) AS last_ts
FROM access
WHERE ${since(1)}
GROUP BY 1, 2 ORDER BY 4 DESC, requests DESC LIMIT 100`,
  },
  {
    name: 'traffic-drop',
    about: 'Requests of each service by five minutes, for three hours.',
    sql: `SELECT service, date_trunc('hour', ts) + interval '5' minute * (minute(ts) / 5) AS five_minutes, count(*) AS requests
FROM access
WHERE ${since(3)}
GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    name: 'not-found-spike',
    about: 'What was not found in the last hour, who asked for it and from how many addresses.',
    sql: `SELECT service, path, count(*) AS requests, count(DISTINCT client_ip) AS addresses, min(referer) AS referer
FROM access
WHERE ${since(1)} AND status IN (404, 410, 429)
GROUP BY 1, 2 ORDER BY requests DESC LIMIT 50`,
  },
  {
    name: 'auth-failures',
    about: 'The addresses that were refused in the last hour, and on which paths.',
    sql: `SELECT service, client_ip, count(*) AS refused, count(DISTINCT path) AS paths, min(path) AS path, min(ts) AS first_ts, max(ts) AS last_ts
FROM access
WHERE ${since(1)} AND status IN (401, 403)
GROUP BY 1, 2 ORDER BY refused DESC LIMIT 50`,
  },
  {
    name: 'error-spike',
    about: 'Errors of each service by ten minutes, for six hours, with the latest exception.',
    sql: `SELECT service, date_trunc('hour', ts) + interval '10' minute * (minute(ts) / 10) AS ten_minutes, count(*) AS errors,
  count(DISTINCT fingerprint) AS different, max_by(exception, ts) AS latest_exception
FROM error
WHERE ${since(6)}
GROUP BY 1, 2 ORDER BY 1, 2`,
  },
  {
    name: 'new-error',
    about: 'Errors of the last day that nobody has seen in the week before.',
    sql: `SELECT service, fingerprint, ${example('message')}, min(exception) AS exception, count(*) AS times, min(ts) AS first_ts
FROM error
WHERE ${since(8 * 24)}
GROUP BY 1, 2 HAVING min(ts) >= localtimestamp - interval '24' hour ORDER BY first_ts DESC LIMIT 100`,
  },
  {
    name: 'top-errors',
    about: 'The most frequent errors of the last day.',
    sql: `SELECT service, fingerprint, ${example('message')}, min(exception) AS exception, count(*) AS times, count(DISTINCT task) AS tasks, max(ts) AS last_ts
FROM error
WHERE ${since(24)}
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    name: 'unhandled-exception',
    about: 'Exceptions of the last day, with the newest message and stack of each.',
    sql: `SELECT service, exception, count(*) AS times, max(ts) AS last_ts, max_by(message, ts) AS message, max_by(stack, ts) AS stack
FROM ${entries}
WHERE ${since(24)} AND (exception IS NOT NULL OR ${says('unhandled|uncaught|terminate called')})
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    name: 'fatal-line',
    about: 'Fatal lines of the last day, and last words that have another level.',
    sql: `SELECT ts, service, task, message FROM ${entries}
WHERE ${since(24)}
  AND (level = 'fatal' OR ${says('fatal error (has been detected|in )|crashed by signal|entered fatal state|unstable restarts')})
ORDER BY ts DESC LIMIT 100`,
  },
  {
    name: 'out-of-memory',
    about: 'Lines of the last day that tell of no memory left.',
    sql: `SELECT ts, service, task, exception, message FROM ${entries}
WHERE ${since(24)}
  AND ${says('out ?of ?memory|oom[- ]?kill|oom command|enomem|bad_alloc|commit_memory|_alloc: cannot|heap limit|memoryerror|memory (allocation|size) of|(allocate|insufficient|native) memory|unable to allocate')}
ORDER BY ts DESC LIMIT 100`,
  },
  {
    name: 'restart-loop',
    about: 'Tasks that were first heard of in the last six hours, by service: how often it starts.',
    sql: `SELECT service, count(DISTINCT task) AS tasks, min(first_ts) AS first_start, max(first_ts) AS last_start FROM (
  SELECT service, task, min(ts) AS first_ts FROM app
  WHERE ${since(24)}
  GROUP BY 1, 2
)
WHERE first_ts >= localtimestamp - interval '6' hour
GROUP BY 1 ORDER BY tasks DESC LIMIT 50`,
  },
  {
    name: 'upstream-down',
    about: 'What proxies said of upstreams that they could not reach, in the last hour.',
    sql: `SELECT service, ${template}, count(*) AS times, min(ts) AS first_ts, max(ts) AS last_ts
FROM ${entries}
WHERE ${since(1)}
  AND (${says('upstream|bad gateway|gateway timeout|proxy error|occurred while (trying to )?proxy|no server available|could not be resolved|connection refused|AH0[0-9]{4}')} OR logger LIKE 'http.log.error%')
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    name: 'certificate',
    about: 'Errors and warnings of the last day about certificates.',
    sql: `SELECT service, ${template}, count(*) AS times, max(ts) AS last_ts
FROM ${entries}
WHERE ${since(24)} AND level IN ('fatal', 'error', 'warn') AND ${says('certificate|x509|pkix|cert_|self[-_ ]signed|verify_leaf')}
GROUP BY 1, 2 ORDER BY times DESC LIMIT 50`,
  },
  {
    name: 'no-logs',
    about: 'Services that logged in the last day, those that are silent for longest first.',
    sql: `SELECT service, max(ts) AS last_ts, count(*) AS lines, count(DISTINCT task) AS tasks FROM (
  SELECT service, task, ts, arrived FROM access
  UNION ALL SELECT service, task, ts, arrived FROM error
  UNION ALL SELECT service, task, ts, arrived FROM app
)
WHERE ${since(24)}
GROUP BY 1 ORDER BY last_ts`,
  },
  {
    name: 'tasks-silent',
    about: 'Tasks of the last three hours with their last line, those that are silent for longest first.',
    sql: `SELECT service, task, max(ts) AS last_ts, count(*) AS lines, max_by(line, ts) AS last_line FROM (
  SELECT service, task, ts, arrived, concat_ws(' ', method, path) AS line FROM access
  UNION ALL SELECT service, task, ts, arrived, message FROM error
  UNION ALL SELECT service, task, ts, arrived, message FROM app
)
WHERE ${since(3)} AND task IS NOT NULL
GROUP BY 1, 2 ORDER BY last_ts LIMIT 100`,
  },
  {
    name: 'debug-left-on',
    about: 'The share of debug lines of each service and task definition in the last hour.',
    sql: `SELECT service, json_extract_scalar(fields, '$.ecs_task_definition') AS task_definition, count(*) AS lines,
  ${percentOf("level IN ('debug', 'trace')")} AS debug_percent
FROM app
WHERE ${since(1)}
GROUP BY 1, 2 ORDER BY 4 DESC, lines DESC LIMIT 50`,
  },
  {
    name: 'lines-lost',
    about: 'Numbers of canary lines that are missing in the last day, by log router.',
    sql: `SELECT cluster, task, json_extract_scalar(fields, '$.run') AS run,
  max(${canaryField('number')}) - min(${canaryField('number')}) + 1 - count(DISTINCT ${canaryField('number')}) AS missing,
  max(${canaryField('dropped_total')}) AS lines_dropped, max(${canaryField('lag_ms')}) / 1000 AS most_late_seconds
FROM app
WHERE ${since(24)} AND ${canary}
GROUP BY 1, 2, 3 ORDER BY missing DESC LIMIT 50`,
  },
  {
    name: 'lines-dropped',
    about: 'Log routers that dropped lines in the last day, and how full their disks were.',
    sql: `SELECT ts, cluster, task, ${canaryField('dropped')} AS dropped, ${canaryField('retries')} AS retries, ${canaryField('disk_bytes')} AS disk_bytes
FROM app
WHERE ${since(24)} AND ${canary} AND ${canaryField('dropped')} > 0
ORDER BY ts DESC LIMIT 100`,
  },
  {
    name: 'lines-late',
    about: 'How far behind each log router was in the last three hours.',
    sql: `SELECT cluster, task, max(${canaryField('lag_ms')}) / 1000 AS most_late_seconds, max(${canaryField('disk_bytes')}) AS disk_bytes
FROM app
WHERE ${since(3)} AND ${canary}
GROUP BY 1, 2 ORDER BY most_late_seconds DESC LIMIT 50`,
  },
  {
    name: 'clock-off',
    about: 'Tasks whose lines state another hour than the one in which they arrived, in the last day.',
    sql: `SELECT service, task, arrived, min(ts) AS first_ts, max(ts) AS last_ts, count(*) AS lines
FROM app
WHERE arrived >= date_format(localtimestamp - interval '24' hour, '%Y-%m-%d-%H')
GROUP BY 1, 2, 3
HAVING abs(date_diff('minute', max(ts), date_parse(arrived, '%Y-%m-%d-%H'))) > 125
ORDER BY arrived DESC LIMIT 100`,
  },
];
