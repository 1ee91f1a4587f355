/**
 * Fails when lines wait and since the check before nothing was sent, tried again or given up: Fluent Bit stands still. It
 * passes while Firehose is away and the router tries: a task that ECS replaces takes what is on its disk with it.
 *
 * @param port of Fluent Bit's HTTP server
 */
export function healthCheck(port: string) {
  const api = `http://127.0.0.1:${port}/api/v1`;
  const command = [
    `c=$(curl -sf ${api}/metrics) && s=$(curl -sf ${api}/storage) || exit 1`,
    // The counters of the output, which extra.conf gives this alias.
    `c=\${c#*'"firesplit":{'}`,
    `c=\${c%%'}'*}`,
    `case $s in *'"total_chunks":0,'*) ;; *) [ "$c" != "$(cat ${seen} 2>/dev/null)" ] || exit 1 ;; esac`,
    `echo "$c" > ${seen}`,
  ];
  return { command: ['CMD-SHELL', command.join('; ')], interval: 10, timeout: 5, retries: 10, startPeriod: 10 };
}

/** What the counters were at the check before. */
const seen = '/tmp/firesplit-health';
