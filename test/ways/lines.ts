/** What a service of the shop writes: its standard output and its standard error. */
export interface Written {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

/** The line that every runtime splits at 16 KB. */
const longLine = `2026-11-29 21:00:02 INFO export ${'order=00000007 '.repeat(2700)}end`;

/** The same lines take every way. */
export const shop: Readonly<Record<'web' | 'worker', Written>> = {
  web: {
    stdout: [
      '203.0.113.9 - anna [29/Nov/2026:21:00:00 +0000] "GET /cart?id=7 HTTP/1.1" 200 512 "-" "curl/8.5.0"',
      '{"level":"info","time":"2026-11-29T21:00:01.250Z","msg":"cart loaded","order":7}',
    ],
    stderr: [],
  },
  worker: {
    stdout: [longLine],
    stderr: [
      '2026-11-29 21:00:03,500 ERROR [pool-1] com.shop.Worker - payment failed',
      'java.lang.IllegalStateException: card declined',
      '\tat com.shop.Payments.charge(Payments.java:42)',
      '\tat com.shop.Worker.run(Worker.java:17)',
    ],
  },
};
