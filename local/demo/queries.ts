/** What an operator asks first; written as for Athena, in lines that a terminal of 80 columns holds. */
export const demoQueries: readonly { readonly question: string; readonly sql: string }[] = [
  {
    question: 'Which pages fail most?',
    sql: `SELECT service, path, status, count(*) AS requests
FROM access WHERE status >= 500
GROUP BY 1, 2, 3 ORDER BY requests DESC, path LIMIT 5`,
  },
  {
    question: 'What went wrong, each error once?',
    sql: `SELECT service, count(*) AS times,
  arbitrary(coalesce(exception || ': ', '') || message) AS example
FROM error WHERE level IS NOT NULL
GROUP BY service, fingerprint ORDER BY times DESC, service LIMIT 6`,
  },
  {
    question: 'What did one failed request leave behind, in every service?',
    sql: `WITH lines AS (
  SELECT ts, service, 'access' AS level, request_id,
    method || ' ' || path || ' → ' || CAST(status AS varchar) AS message
  FROM access
  UNION ALL SELECT ts, service, level, request_id, message FROM app
  UNION ALL SELECT ts, service, level, request_id, message FROM error)
SELECT ts, service, level, message FROM lines WHERE request_id = (
  SELECT request_id FROM lines WHERE request_id IS NOT NULL
  GROUP BY 1 HAVING count_if(level = 'error') > 0
  ORDER BY count(*) DESC, request_id LIMIT 1)
ORDER BY ts`,
  },
];
