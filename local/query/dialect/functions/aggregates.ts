/**
 * https://trino.io/docs/current/functions/aggregate.html; `$$` is what stands behind a function's arguments and brackets:
 * ORDER BY within, FILTER and OVER behind.
 */
export const aggregateFunctions = `
count(T): bigint = count($1$$
count_if(boolean): bigint = count(nullif($1, false)$$
min(T): T = min($1$$
max(T): T = max($1$$
min(T, bigint): array(T) = min($1, $2$$
max(T, bigint): array(T) = max($1, $2$$
min_by(T, O): T = arg_min_null($1, $2$$
max_by(T, O): T = arg_max_null($1, $2$$
sum(bigint): bigint = CAST(sum($1$$ AS BIGINT)
sum(decimal): decimal(38) = sum($1$$
sum(double): double = sum($1$$
sum(interval day to second): interval day to second = sum($1$$
avg(bigint): double = avg($1$$
avg(decimal): decimal = CAST(round(avg($1$$, SCALE) AS DECIMAL(PRECISION, SCALE))
avg(double): double = avg($1$$
geometric_mean(double): double = geometric_mean($1$$
arbitrary(T): T = any_value($1$$
any_value(T): T = any_value($1$$
array_agg(T): array(T) = list($1$$
bool_and(boolean): boolean = bool_and($1$$
every(boolean): boolean = bool_and($1$$
bool_or(boolean): boolean = bool_or($1$$
listagg(varchar): varchar = string_agg($1, ''$$
listagg(varchar, varchar): varchar = string_agg($1, $2$$
histogram(T): map(T, bigint) = CAST(histogram($1$$ AS MAP(TYPE1, BIGINT))
map_agg(K, V): map(K, V) = athena_map(list(struct_pack(k := $1, v := $2)$$)
approx_distinct(T): bigint = approx_count_distinct($1$$
approx_distinct(T, double): bigint = approx_count_distinct($1$$
approx_percentile(bigint, double): bigint = approx_quantile($1, CAST($2 AS FLOAT)$$
approx_percentile(bigint, array(double)): array(bigint) = approx_quantile($1, CAST($2 AS FLOAT[])$$
approx_percentile(double, double): double = approx_quantile($1, CAST($2 AS FLOAT)$$
approx_percentile(double, array(double)): array(double) = approx_quantile($1, CAST($2 AS FLOAT[])$$
stddev(double): double = stddev_samp($1$$
stddev_samp(double): double = stddev_samp($1$$
stddev_pop(double): double = stddev_pop($1$$
variance(double): double = var_samp($1$$
var_samp(double): double = var_samp($1$$
var_pop(double): double = var_pop($1$$
corr(double, double): double = corr($1, $2$$
covar_samp(double, double): double = covar_samp($1, $2$$
covar_pop(double, double): double = covar_pop($1, $2$$
regr_slope(double, double): double = regr_slope($1, $2$$
regr_intercept(double, double): double = regr_intercept($1, $2$$
bitwise_and_agg(bigint): bigint = bit_and($1$$
bitwise_or_agg(bigint): bigint = bit_or($1$$

row_number(): bigint = row_number($$
rank(): bigint = rank($$
dense_rank(): bigint = dense_rank($$
percent_rank(): double = percent_rank($$
cume_dist(): double = cume_dist($$
ntile(bigint): bigint = ntile($1$$
lag(T): T = lag($1$$
lag(T, bigint): T = lag($1, CAST($2 AS INTEGER)$$
lag(T, bigint, T): T = lag($1, CAST($2 AS INTEGER), $3$$
lead(T): T = lead($1$$
lead(T, bigint): T = lead($1, CAST($2 AS INTEGER)$$
lead(T, bigint, T): T = lead($1, CAST($2 AS INTEGER), $3$$
first_value(T): T = first_value($1$$
last_value(T): T = last_value($1$$
nth_value(T, bigint): T = nth_value($1, $2$$
`;
