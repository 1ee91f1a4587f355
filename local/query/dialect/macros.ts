/**
 * What Trino's functions mean where DuckDB's alike-named ones mean something else, as macros of DuckDB. `translate` puts
 * these names into queries; nobody else writes them.
 */
export const athenaMacros: readonly string[] = [
  "athena_divide(a, b) AS CASE WHEN b = 0 THEN CAST(athena_error('Division by zero') AS INTEGER) ELSE a // b END",
  "athena_remainder(a, b) AS CASE WHEN b = 0 THEN CAST(athena_error('Division by zero') AS INTEGER) ELSE a % b END",
  "athena_decimal_divide(a, b, places) AS CASE WHEN b = 0 THEN CAST(athena_error('Division by zero') AS INTEGER) ELSE round(CAST(a AS DOUBLE) / CAST(b AS DOUBLE), places) END",
  "athena_substr(s, start, n) AS CASE WHEN start = 0 OR n <= 0 OR -start > length(s) THEN CASE WHEN s IS NOT NULL THEN '' END ELSE substr(s, start, n) END",
  "athena_split_part(s, delimiter, n) AS CASE WHEN n < 1 THEN athena_error('split_part: the index must be 1 or more') ELSE list_extract(string_split(s, delimiter), n) END",
  'athena_regexp_extract(s, pattern, g) AS CASE WHEN regexp_matches(s, pattern) THEN regexp_extract(s, pattern, g) END',
  'athena_json_type(j) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN json_type(CAST(j AS VARCHAR)) END',
  'athena_json_extract(j, path) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) THEN json_extract(CAST(j AS VARCHAR), path) END',
  `athena_json_scalar(j, path) AS CASE WHEN json_valid(CAST(j AS VARCHAR)) AND json_type(CAST(j AS VARCHAR), path) NOT IN ('OBJECT', 'ARRAY', 'NULL')
    THEN json_extract_string(CAST(j AS VARCHAR), path) END`,
  "athena_json_element(j, n) AS CASE WHEN athena_json_type(j) = 'ARRAY' THEN json_extract(CAST(j AS VARCHAR), '$[' || CASE WHEN n < 0 THEN '#' ELSE '' END || CAST(n AS VARCHAR) || ']') END",
  "athena_json_size(j) AS CASE WHEN j IS NULL THEN NULL ELSE CASE json_type(j) WHEN 'ARRAY' THEN json_array_length(j) WHEN 'OBJECT' THEN len(json_keys(j)) ELSE 0 END END",
  // RFC 3986, appendix B; a part that is not there is empty.
  `athena_url_part(url, part) AS CASE WHEN url IS NULL OR regexp_matches(url, '[\\s<>"{}|\\\\^\`]') THEN NULL ELSE regexp_extract(url, '${url()}', part) END`,
  "athena_url_parameter(query, name) AS url_decode(replace(list_extract(list_transform(list_filter(string_split(query, '&'), lambda x: string_split(x, '=')[1] = name), lambda x: substr(x, length(name) + 2)), 1), '+', ' '))",
  `athena_json_text(j) AS CASE WHEN json_type(j) IN ('OBJECT', 'ARRAY') THEN athena_error('Cannot cast ' || CAST(j AS VARCHAR) || ' to varchar') ELSE json_extract_string(j, '$') END`,
  `athena_interval_text(i) AS CASE WHEN epoch(i) < 0 THEN '-' ELSE '' END || CAST(CAST(abs(epoch(i)) AS BIGINT) // 86400 AS VARCHAR)
    || ' ' || strftime(make_timestamp(CAST(round(abs(epoch(i)) * 1000) AS BIGINT) % 86400000 * 1000), '%H:%M:%S.%g')`,
  'athena_array_distinct(list) AS list_filter(list, lambda x, i: list_position(list, x) = i)',
  'athena_map(pairs) AS map_from_entries(list_filter(pairs, lambda p, i: p.k IS NOT NULL AND list_position(list_transform(pairs, lambda q: q.k), p.k) = i))',
  `athena_offset(instant, local) AS CASE WHEN epoch_ms(instant) = epoch_ms(local) THEN 'Z' ELSE
    CASE WHEN epoch_ms(local) < epoch_ms(instant) THEN '-' ELSE '+' END || strftime(make_timestamp(abs(epoch_ms(local) - epoch_ms(instant)) * 1000), '%H:%M') END`,
];

function url(): string {
  return '^(([^:/?#]+):)?(//([^/?#]*))?([^?#]*)(\\?([^#]*))?(#(.*))?';
}
