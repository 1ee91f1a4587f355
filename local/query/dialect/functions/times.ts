/**
 * https://trino.io/docs/current/functions/datetime.html; `@1` is the argument as it is shown in its zone. Those whose
 * unit or format decides what is meant are in special/.
 */
export const timeFunctions = `
year(time): bigint = year(@1)
quarter(time): bigint = quarter(@1)
month(time): bigint = month(@1)
week(time): bigint = week(@1)
week_of_year(time): bigint = week(@1)
year_of_week(time): bigint = isoyear(@1)
yow(time): bigint = isoyear(@1)
day(time): bigint = day(@1)
day_of_month(time): bigint = day(@1)
day_of_week(time): bigint = isodow(@1)
dow(time): bigint = isodow(@1)
day_of_year(time): bigint = dayofyear(@1)
doy(time): bigint = dayofyear(@1)
hour(time): bigint = hour(@1)
minute(time): bigint = minute(@1)
second(time): bigint = second(@1)
millisecond(time): bigint = (millisecond(@1) % 1000)
date(time): date = CAST(@1 AS DATE)
date(varchar): date = CAST($1 AS DATE)
last_day_of_month(time): date = last_day(@1)
now(): timestamp with time zone = date_trunc('millisecond', now())
current_date(): date = CAST(now() AT TIME ZONE 'UTC' AS DATE)
localtimestamp(): timestamp = date_trunc('millisecond', now() AT TIME ZONE 'UTC')
current_timezone(): varchar = 'UTC'
to_unixtime(timestamp with time zone): double = epoch($1)
from_unixtime(double): timestamp with time zone = date_trunc('millisecond', make_timestamptz(CAST(round($1 * 1000) AS BIGINT) * 1000))
from_unixtime_nanos(bigint): timestamp with time zone = make_timestamptz($1 // 1000)
from_iso8601_timestamp(varchar): timestamp with time zone = date_trunc('millisecond', CAST($1 AS TIMESTAMPTZ))
from_iso8601_date(varchar): date = CAST($1 AS DATE)
to_iso8601(date): varchar = CAST($1 AS VARCHAR)
to_iso8601(timestamp): varchar = strftime($1, '%Y-%m-%dT%H:%M:%S.%g')
to_iso8601(timestamp with time zone): varchar = strftime(@1, '%Y-%m-%dT%H:%M:%S.%g') || athena_offset($1, @1)
to_milliseconds(interval day to second): bigint = CAST(epoch($1) * 1000 AS BIGINT)
`;
