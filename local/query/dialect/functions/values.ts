/**
 * https://trino.io/docs/current/functions/json.html, array.html, map.html and ipaddress.html. Functions over JSON give
 * null for text that is none.
 */
export const valueFunctions = `
json_parse(varchar): json = CAST($1 AS JSON)
json_format(json): varchar = CAST($1 AS VARCHAR)
json_extract_scalar(varchar, path): varchar = athena_json_scalar($1, $2)
json_extract_scalar(json, path): varchar = athena_json_scalar($1, $2)
json_extract(varchar, path): json = athena_json_extract($1, $2)
json_extract(json, path): json = athena_json_extract($1, $2)
json_array_length(varchar): bigint = CASE WHEN athena_json_type($1) = 'ARRAY' THEN json_array_length($1) END
json_array_length(json): bigint = CASE WHEN athena_json_type($1) = 'ARRAY' THEN json_array_length($1) END
json_array_get(varchar, bigint): json = athena_json_element($1, $2)
json_array_get(json, bigint): json = athena_json_element($1, $2)
json_size(varchar, path): bigint = athena_json_size(athena_json_extract($1, $2))
json_size(json, path): bigint = athena_json_size(athena_json_extract($1, $2))
is_json_scalar(varchar): boolean = json_type($1) NOT IN ('OBJECT', 'ARRAY')
is_json_scalar(json): boolean = json_type($1) NOT IN ('OBJECT', 'ARRAY')

cardinality(array(T)): bigint = len($1)
cardinality(map(K, V)): bigint = cardinality($1)
contains(array(T), T): boolean = list_contains($1, $2)
contains(varchar, ipaddress): boolean = (athena_in_network($2, $1) = 'true')
element_at(array(T), bigint): T = list_extract($1, $2)
element_at(map(K, V), K): V = element_at($1, $2)[1]
array_join(array(T), varchar): varchar = array_to_string(list_transform($1, lambda x: CAST(x AS VARCHAR)), $2)
array_join(array(T), varchar, varchar): varchar = array_to_string(list_transform($1, lambda x: coalesce(CAST(x AS VARCHAR), $3)), $2)
array_distinct(array(T)): array(T) = athena_array_distinct($1)
array_sort(array(T)): array(T) = list_sort($1, 'ASC', 'NULLS LAST')
array_max(array(T)): T = CASE WHEN list_contains(list_transform($1, lambda x: x IS NULL), true) THEN NULL ELSE list_max($1) END
array_min(array(T)): T = CASE WHEN list_contains(list_transform($1, lambda x: x IS NULL), true) THEN NULL ELSE list_min($1) END
array_position(array(T), T): bigint = coalesce(list_position($1, $2), 0)
array_remove(array(T), T): array(T) = list_filter($1, lambda x: x IS DISTINCT FROM $2)
arrays_overlap(array(T), array(T)): boolean = list_has_any($1, $2)
array_intersect(array(T), array(T)): array(T) = athena_array_distinct(list_filter($1, lambda x: list_contains($2, x)))
array_union(array(T), array(T)): array(T) = athena_array_distinct(list_concat($1, $2))
array_except(array(T), array(T)): array(T) = athena_array_distinct(list_filter($1, lambda x: NOT list_contains($2, x)))
reverse(array(T)): array(T) = list_reverse($1)
flatten(array(array(T))): array(T) = flatten($1)
repeat(T, integer): array(T) = list_transform(range($2), lambda x: $1)
slice(array(T), bigint, bigint): array(T) = list_slice($1, $2, $2 + $3 - 1)
sequence(bigint, bigint): array(bigint) = generate_series($1, $2, CASE WHEN $1 <= $2 THEN 1 ELSE -1 END)
sequence(bigint, bigint, bigint): array(bigint) = generate_series($1, $2, $3)
sequence(date, date): array(date) = list_transform(generate_series($1, $2, INTERVAL 1 DAY), lambda x: CAST(x AS DATE))
sequence(date, date, interval day to second): array(date) = list_transform(generate_series($1, $2, $3), lambda x: CAST(x AS DATE))
sequence(date, date, interval year to month): array(date) = list_transform(generate_series($1, $2, $3), lambda x: CAST(x AS DATE))
sequence(timestamp, timestamp, interval day to second): array(timestamp) = generate_series($1, $2, $3)
sequence(timestamp, timestamp, interval year to month): array(timestamp) = generate_series($1, $2, $3)
filter(array(T), T -> boolean): array(T) = list_filter($1, $2)
transform(array(T), T -> U): array(U) = list_transform($1, $2)
any_match(array(T), T -> boolean): boolean = list_contains(list_transform($1, $2), true)
all_match(array(T), T -> boolean): boolean = NOT list_contains(list_transform($1, $2), false)
none_match(array(T), T -> boolean): boolean = NOT list_contains(list_transform($1, $2), true)
map(array(K), array(V)): map(K, V) = map($1, $2)
map_keys(map(K, V)): array(K) = map_keys($1)
map_values(map(K, V)): array(V) = map_values($1)
map_concat(map(K, V), map(K, V)): map(K, V) = map_concat($1, $2)
`;
