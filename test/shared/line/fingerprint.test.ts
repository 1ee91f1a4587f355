import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprint, fingerprintText } from '../../../shared/line/fingerprint.js';
import type { EntryColumns } from '../../../shared/line/parsed.js';

describe('a message', () => {
  it.each([
    ['order 17 failed for user 9', 'order 18 failed for user 100'],
    ['cannot read "a.json"', 'cannot read "b c.json"'],
    ["no such key: 'x'", "no such key: 'y z'"],
    ["can't open 'x'", "can't open 'y'"],
    ["undefined method `pay' for nil", "undefined method `ship' for nil"],
    ['job 0f8fad5b-d9cb-469f-a165-70867728950e died', 'job 7c9e6679-7425-40de-944b-e07fc1f90ae7 died'],
    ['block 0xdeadbeef at 10.0.0.1:80', 'block 0xcafe at 10.0.0.2:8080'],
    ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8', 'commit abcdefabcdefabcdefabcdefabcdefabcdefabcd'],
    ['charge ch_3MmlLrLkdIwHu7ix0uhUVYyL declined', 'charge ch_1NirD82eZvKYlo2CIvbtLWuY declined'],
    ['GET /orders/17/items/a81bc81b failed', 'GET /orders/9/items/90eafe01 failed'],
    ['took 45s', 'took 1m30.5s'],
    ['took 12.5 ms, limit -1', 'took 3 ms, limit 20'],
    ['bad ids [1, 2, 3]', 'bad ids [4]'],
    ["bad names ['a', 'b']", "bad names ['c']"],
    ['at 2026-11-22T16:41:02.123Z', 'at 2026-11-23 06:01:12+01:00'],
    ['no user anna.b@example.com here', 'no user c@mail.example.org here'],
    ['cannot cast com.shop.A@1b6d3586 to B', 'cannot cast com.shop.A@4554617c to B'],
    ['host web7 is down', 'host web12 is down'],
    ['connect to [2001:db8::1]:5432 refused', 'connect to [fd00:1:2::abcd]:5432 refused'],
    ['connect to 2001:db8:0:0:0:0:0:1 refused', 'connect to ::1 refused'],
    ['connect to fe80::1: refused', 'connect to 2001:db8:40::: refused'],
    ['connect to ::ffff:10.0.0.1 refused', 'connect to 10.0.0.1 refused'],
    ['commit a1b2c3d not found', 'commit deadbee not found'],
    ['port 5432 is taken on localhost:5432', 'port 80 is taken on localhost:8080'],
    ['timed out after 30 s', 'timed out after 1500 ms'],
    ['timed out after 1 second', 'timed out after 5m30s'],
    ['needs 1.5 GB of memory', 'needs 900MB of memory'],
    ['sent 12 bytes', 'sent 3 KiB'],
    ['version 1.2.3-rc.1 is broken', 'version 2.0.0-rc.2 is broken'],
    ['job 0f8fad5b-dead-4bad-beef-abcdefabcdef died', 'job 7c9e6679-cafe-40de-facd-e07fc1f90ae7 died'],
    ['id 0aczACZ9 unknown', 'id 17 unknown'],
    ['id 0é9 unknown', 'id 17 unknown'],
    ['commit abcdeff not found', 'commit ABCDEFF not found'],
  ])('%j is the same error as %j', (a, b) => {
    expect(fingerprint({ message: a })).toBe(fingerprint({ message: b }));
  });

  it.each([
    ['disk full', 'disk gone'],
    ['order 1 failed', 'user 1 failed'],
    ['no A@1b6d3586', 'no B@1b6d3586'],
    ["can't open it, won't close it", "can't open it, won't move it"],
    ['order-17', 'order 17 late'],
    ['a::b failed', 'c::d failed'],
    ['std::bad_alloc', 'std::bad_cast'],
    ['found 3 boxes', 'found 3 bags'],
    ['3 sockets', '3 seats'],
    ['facade broke', 'decade broke'],
    ['defaced-abcd-abcd-abcd broke', 'defaced-abcd-abcd-abce broke'],
    ['cabbageg broke', 'baggagef broke'],
    ['CABBAGEG broke', 'BAGGAGEF broke'],
    ['5 " was not closed', '5 7 was not closed'],
  ])('%j is another error than %j', (a, b) => {
    expect(fingerprint({ message: a })).not.toBe(fingerprint({ message: b }));
  });

  it('is the same whatever number, UUID or quoted text stands in it', () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.integer().map(String),
      fc.uuid(),
      fc.ipV4(),
      fc.ipV6().filter((address) => /\d/.test(address)),
      fc.tuple(fc.nat(), fc.constantFrom('ms', 's', 'seconds', 'MB', 'KiB', 'bytes')).map((words) => words.join(' ')),
      fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString()),
      fc.stringMatching(/^[^"\n]*$/).map((text) => `"${text.slice(0, 200)}"`),
      fc.bigInt({ min: 0n }).map((number) => `0x${number.toString(16)}`),
    );
    const none = fingerprint({ message: 'cannot charge 1 for order' });
    fc.assert(
      fc.property(value, (text) => expect(fingerprint({ message: `cannot charge ${text} for order` })).toBe(none)),
    );
  });
});

describe('a stack', () => {
  const same: [string, string, string][] = [
    [
      'Node.js, lines moved, another version of Node.js and of a package',
      'TypeError: no\n    at charge (/app/src/pay.js:10:7)\n    at next (/app/node_modules/.pnpm/express@4.18.2/node_modules/express/lib/route.js:13:3)\n    at node:internal/process/task_queues:95:5\n    at async run (file:///app/main.js:1:2)',
      'TypeError: no\n    at charge (/app/src/pay.js:112:17)\n    at next (/app/node_modules/.pnpm/express@4.19.0/node_modules/express/lib/route.js:14:3)\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)\n    at async run (file:///app/main.js:5:2)',
    ],
    [
      'JavaScript of a bundler',
      'Error: no\n    at pay (https://shop.example.com/assets/index-DiwrgTda.js:1:2345)\n    at x (https://shop.example.com/main.3f2a9c1b.js:2:1)',
      'Error: no\n    at pay (https://shop.example.com/assets/index-Bx8_Qk2Z.js:7:99)\n    at x (https://shop.example.com/main.0badcafe.js:2:77)',
    ],
    [
      'JavaScript that a bundler put into another of its files',
      'Error: no\n    at pay (https://shop.example.com/index-DiwrgTda.js/cart-KiwrgTdb.js:1:2345)',
      'Error: no\n    at pay (https://shop.example.com/index-Bx8_Qk2Z.js/cart-LoerhZda.js:7:99)',
    ],
    [
      'Java, with lambdas, proxies, reflection and versions of jars',
      'a.E: no\n\tat com.shop.A.run(A.java:52) ~[shop-1.4.2.jar:1.4.2]\n\tat com.shop.B$$Lambda$12/0x0000000800c03000.get(Unknown Source)\n\tat com.shop.B.lambda$go$0(B.java:7)\n\tat com.sun.proxy.$Proxy45.pay(Unknown Source)\n\tat java.base/jdk.internal.reflect.GeneratedMethodAccessor7.invoke(Unknown Source)\n\tat com.shop.C$$EnhancerBySpringCGLIB$$1a2b3c4d.pay(<generated>)',
      'a.E: no\n\tat com.shop.A.run(A.java:55) ~[shop-1.5.0-SNAPSHOT.jar!/:1.5.0]\n\tat com.shop.B$$Lambda/0x00007f1c.get(Unknown Source)\n\tat com.shop.B.lambda$go$3(B.java:9)\n\tat com.sun.proxy.$Proxy51.pay(Unknown Source)\n\tat java.base/jdk.internal.reflect.NativeMethodAccessorImpl.invoke0(Native Method)\n\tat java.base/java.lang.reflect.Method.invoke(Method.java:566)\n\tat com.shop.C$$EnhancerBySpringCGLIB$$ff00ee11.pay(<generated>)',
    ],
    [
      'Python, whose innermost frames come last',
      `Traceback (most recent call last):\n${pythonFrames(9)}  File "/app/b.py", line 12, in charge\n    raise KeyError(5)\nKeyError: 5`,
      `Traceback (most recent call last):\n${pythonFrames(12)}  File "/app/b.py", line 99, in charge\n    raise KeyError(key)\nKeyError: 6`,
    ],
    [
      '.NET, with and without symbols',
      'E: no\n   at Shop.Pay.<ChargeAsync>d__12.MoveNext() in /src/Pay.cs:line 40\n   at Shop.Run()',
      'E: no\n   at Shop.Pay.<ChargeAsync>d__14.MoveNext()\n   at Shop.Run() in /src/Run.cs:line 4',
    ],
    [
      'Go',
      'goroutine 1 [running]:\nmain.pay(0xc000012345)\n\t/app/pay.go:12 +0x1d\nmain.main()\n\t/go/pkg/mod/x.io/y@v1.2.3/m.go:3 +0x25',
      'goroutine 77 [running]:\nmain.pay(0xc0000abcde)\n\t/app/pay.go:14 +0x2f\nmain.main()\n\t/go/pkg/mod/x.io/y@v1.3.0/m.go:4 +0x11',
    ],
    ['Ruby', "app/a.rb:12:in `pay'\napp/b.rb:3:in `run'", "app/a.rb:19:in `pay'\napp/b.rb:4:in `run'"],
    ['PHP', 'E: no\n#0 /app/a.php(12): A->pay(7)\n#1 {main}', 'E: no\n#0 /app/a.php(15): A->pay(8)\n#1 {main}'],
  ];

  it.each(same)('of %s is the same after a deploy', (_, a, b) => {
    expect(fingerprint({ message: 'no', stack: a })).toBe(fingerprint({ message: 'no', stack: b }));
  });

  it('that is still in the message counts as one in its column', () => {
    const stack = 'E: no\n    at a (b.js:1:2)';
    expect(fingerprint({ message: `no\n${stack}` })).toBe(fingerprint({ message: 'no', stack }));
  });
});

it('tells different errors apart', () => {
  const all = [
    { message: 'disk full' },
    { message: 'disk full', exception: 'IOError' },
    { message: 'disk full', logger: 'db' },
    { message: 'disk full', stack: 'x\n    at a (b.js:1)' },
    { message: 'disk full', stack: 'x\n    at a (c.js:1)' },
    { message: 'disk full', stack: 'x\n\tat a.B.c(B.java:1)' },
    { message: 'disk full', stack: 'x\n\tat a.B.d(B.java:1)' },
    { message: 'disk full', stack: 'x\n\tat a.B.d(B.java:1)\nCaused by: java.io.IOException: x' },
    { message: 'disk full', stack: 'x\n\tat a.B.d(B.java:1)\nCaused by: java.net.SocketException: x' },
    { message: 'disk full', stack: 'Traceback (most recent call last):\n  File "/a.py", line 1, in b' },
    { message: 'disk full', stack: 'Traceback (most recent call last):\n  File "/a.py", line 1, in c' },
  ];
  expect(new Set(all.map(fingerprint)).size).toBe(all.length);
  for (const each of all) expect(fingerprint(each)).toMatch(/^[0-9a-f]{16}$/);
});

it('takes any text, however long and hostile', () => {
  for (const piece of ['"', "'", '`', '@', 'a@b.', '1,', '$$Lambda', '\n\tat ', '\n#0 ', '\nCaused by: ', '[', '-A']) {
    const text = piece.repeat(100_000);
    expect(fingerprint({ message: text, logger: text, stack: text, exception: text })).toMatch(/^[0-9a-f]{16}$/);
  }
});

function pythonFrames(count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `  File "/lib/python3.11/f.py", line ${index}, in f\n    f()\n`,
  ).join('');
}

it('is the same each time, and differs by the logger of the same message', () => {
  const shop = fingerprint({ logger: 'shop', message: 'no stock' });
  const pay = fingerprint({ logger: 'pay', message: 'no stock' });
  expect(shop).not.toBe(pay);
  expect(fingerprint({ logger: 'shop', message: 'no stock' })).toBe(shop);
  expect(fingerprint({ message: 'no stock' })).not.toBe(shop);
  expect(fingerprint({ logger: 'shop', message: 'no stock', exception: 'StockError' })).not.toBe(shop);
});

it('is that of the text, whatever the message', () => {
  const digest = (columns: EntryColumns) =>
    createHash('sha256').update(fingerprintText(columns)).digest('hex').slice(0, 16);
  fc.assert(
    fc.property(fc.array(fc.record({ logger: fc.constantFrom('a', 'a\nb', ''), message: fc.string() })), (all) => {
      for (const columns of [...all, ...all]) expect(fingerprint(columns)).toBe(digest(columns));
    }),
  );
});
