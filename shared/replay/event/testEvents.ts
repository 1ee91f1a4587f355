/**
 * Events that stand ready in the Lambda console after a deployment, by name. None of them puts anything on the stream. Their
 * times go by when they are sent. A name has at most 25 letters, digits, dots, hyphens and underscores there.
 */
export const replayTestEvents: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'failed-today': { source: 'failed', from: 'today', alerts: 'off', dryRun: true },
  'failed-last-hour': { source: 'failed', from: '1h ago', alerts: 'off', dryRun: true },
  'failed-one-error-code': {
    source: 'failed',
    from: 'today',
    errorCode: 'Lambda.ProcessingFailedStatus',
    alerts: 'off',
    dryRun: true,
  },
  import: { source: 'import', prefix: 's3://my-load-balancer-logs/AWSLogs/', limit: 10, alerts: 'off', dryRun: true },
  status: { status: '2026-11-28-1412-k3x9' },
};
