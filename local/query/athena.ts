/**
 * Athena's (Trino's) names for what DuckDB calls otherwise, as macros, so that a query written on a laptop runs
 * unchanged in Athena. What can't be bridged is listed in docs/query.md.
 */
export const athenaMacros: readonly string[] = [
  'approx_distinct(x) AS approx_count_distinct(x)',
  'approx_percentile(x, p) AS approx_quantile(x, p)',
  'array_join(list, separator) AS array_to_string(list, separator)',
  'cardinality(x) AS len(x)',
  "date_add(unit, n, t) AS t + to_milliseconds(CASE unit WHEN 'millisecond' THEN 1 WHEN 'second' THEN 1000 WHEN 'minute' THEN 60000 WHEN 'hour' THEN 3600000 WHEN 'day' THEN 86400000 WHEN 'week' THEN 604800000 ELSE error('date_add: write the unit as millisecond, second, minute, hour, day or week') END * n)",
  'date_format(t, format) AS strftime(t, format)',
  'date_parse(text, format) AS strptime(text, format)',
  'from_iso8601_timestamp(text) AS CAST(text AS TIMESTAMPTZ)',
  'from_unixtime(seconds) AS to_timestamp(seconds)',
  // Athena takes `$["a.b"]` for a key with a dot, DuckDB `$."a.b"`.
  `json_extract_scalar(json, path) AS json_extract_string(json, regexp_replace(path, '\\["([^"]*)"\\]', '."\\1"', 'g'))`,
  'regexp_like(text, pattern) AS regexp_matches(text, pattern)',
  "to_iso8601(t) AS strftime(t, '%Y-%m-%dT%H:%M:%S.%gZ')",
  'to_unixtime(t) AS epoch(t)',
  "url_extract_path(url) AS regexp_extract(url, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*)?([^?#]*)', 1)",
];
