/**
 * Fails when lines wait and since the check before nothing was sent, tried again or given up: Fluent Bit stands still. It
 * passes while Firehose is away and the router tries: a task that ECS replaces takes what is on its disk with it.
 *
 * A router that tries may stand still for two times `net.connect_timeout` and `net.io_timeout` (the output repeats a failed
 * request at once) and a pause of up to `scheduler.cap`: 141 s with extra.conf. ECS takes at most 10 retries, so they are 20 s
 * apart. Since version 25 Docker checks every 5 s in the start period, which is as long as the first interval, so that the
 * service need not wait for its end (https://docs.docker.com/reference/dockerfile/#healthcheck).
 *
 * @param port of Fluent Bit's HTTP server
 */
export function healthCheck(port: string) {
  const api = `http://127.0.0.1:${port}/api/v1`;
  const command = [
    `c=$(curl -sf ${api}/metrics) && s=$(curl -sf ${api}/storage) || exit 1`,
    // The counters of all outputs but those named null, which count every line that a container writes.
    `c=\${c#*'"output":{'}`,
    `while n=\${c#*'"null.'}; [ "$n" != "$c" ]; do c=\${c%%'"null.'*}\${n#*'}'}; done`,
    `case $s in *'"total_chunks":0,'*) ;; *) [ "$c" != "$(cat ${seen} 2>/dev/null)" ] || exit 1 ;; esac`,
    `echo "$c" > ${seen}`,
  ];
  return { command: ['CMD-SHELL', command.join('; ')], interval: 20, timeout: 5, retries: 10, startPeriod: 20 };
}

/** What the counters were at the check before. */
const seen = '/tmp/firesplit-health';
