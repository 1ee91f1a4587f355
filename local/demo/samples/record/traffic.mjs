// The shop's visitors: plans WEB + EDGE requests over `node traffic.mjs SECONDS` and plays them against nginx.
import http from 'node:http';
import net from 'node:net';

const SECONDS = Number(process.argv[2]);
const WEB = { port: 8480, count: 1600 };
const EDGE = { port: 8481, count: 600 };

// A seeded generator (mulberry32), so that every recording asks for the same things.
let seed = 20;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const int = (n) => Math.floor(random() * n);
const pick = (list) => list[int(list.length)];

const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) "TeaShop in-app" AppleWebKit/605.1.15',
  'ЧайныйБраузер/2.1 (Linux; ru)',
];
const APPS = [
  'TeaShop/5.4.1 (Android 15; Pixel 9) okhttp/4.12.0',
  'TeaShop/5.4.0 (iPhone; iOS 19.0) CFNetwork/3826.500.111',
  'TeaShop/5.3.2 (Android 14; "Galaxy Tab" S9) okhttp/4.12.0',
  'Thé-Partenaire/1.8 (Lyon)',
  'python-requests/2.32.3',
];
const ips = (n, from) =>
  Array.from({ length: n }, (_, i) => {
    const host = from + 1 + int(60);
    return i % 5 === 4
      ? `2001:db8:${(40 + i).toString(16)}::${host.toString(16)}`
      : `${i % 2 ? '198.51.100' : '203.0.113'}.${host}`;
  });
const VISITORS = ips(90, 10).map((ip) => ({ ip, ua: BROWSERS[Math.min(int(8), int(6))] }));
const DEVICES = ips(40, 100).map((ip) => ({ ip, ua: pick(APPS) }));
const SITE = 'https://www.shop.example.com';
const QUERIES = [
  'mug',
  'earl+grey',
  'caf%C3%A9',
  'th%C3%A9+vert',
  '%E6%8A%B9%E8%8C%B6',
  '%22blue+mug%22',
  'kettle+1l',
  'honey%20250g',
];
const MISSING = [
  '/wp-login.php',
  '/old/sale.html',
  '/img/mug-green.jpg',
  '/apple-touch-icon.png',
  '/sitemap.xml.gz',
  '/admin/config.php',
  '/fonts/tea.woff',
];
const DENIED = ['/.env', '/.git/config', '/img/'];

const plan = [];
const at = (t, target, request) => plan.push({ t, target, ...request });
const anyTime = () => 0.5 + random() * (SECONDS - 5);
const orderId = () => 100 + int(900);
const json = (value) => ({ method: 'POST', body: JSON.stringify(value) });

/** One page view with its assets, and perhaps what the page's script then asks for. */
function visit() {
  const who = pick(VISITORS);
  let t = anyTime();
  const query = `q=${pick(QUERIES)}`;
  const [path, api] = pick([
    ['/', null],
    [`/products/${1 + int(80)}`, () => ({ path: `/api/cart/${300 + int(90)}` })],
    [
      `/products/${1 + int(80)}`,
      () => ({ path: `/api/cart/${300 + int(90)}`, ...(random() < 0.5 && json({ sku: 'mug-blue' })) }),
    ],
    [`/products/caf%C3%A9-cr%C3%A8me?utm_source=news&utm_campaign=${pick(['%C3%A9t%C3%A9', 'spring'])}`, null],
    [`/search?${query}`, () => ({ path: `/api/search?${query}&page=${1 + int(4)}` })],
    ['/account', () => ({ path: `/api/orders/${orderId()}` })],
    ['/account', () => ({ path: `/api/orders/${orderId()}?expand=items` })],
    ['/checkout', () => ({ path: '/api/orders', ...json({ cart: 300 + int(90) }) })],
  ]);
  const ref = pick(['', '', 'https://www.google.com/', 'https://news.example.org/th%C3%A9?p=2', `${SITE}/`]);
  at(t, WEB, { ...who, path, ref });
  const assets = [
    '/css/shop.css',
    '/js/app.js',
    '/img/logo.svg',
    '/img/hero.jpg',
    '/fonts/tea.woff2',
    '/js/cart.js?v=3.1',
  ];
  for (const asset of assets.filter(() => random() < 0.38)) {
    t += 0.03;
    at(t, WEB, { ...who, path: asset, ref: SITE + path, cached: random() < 0.4 });
  }
  if (api) at(t + 0.2, WEB, { ...who, ...api(), ref: SITE + path });
}

/** One call of the mobile app or of a partner. */
function appCall() {
  const who = pick(DEVICES);
  const host = `${pick(['api', 'api', 'm', 'partner'])}.shop.example.com`;
  const call = pick([
    () => ({ path: `/api/orders/${orderId()}` }),
    () => ({ path: `/api/orders/${orderId()}?expand=items,invoice` }),
    () => ({ path: '/api/orders', ...json({ cart: 300 + int(90) }) }),
    () => ({ path: `/api/search?q=${pick(QUERIES)}&page=${pick([1, 1, 2, 'x'])}` }),
    () => ({ path: `/api/search?q=${pick(QUERIES)}&page=1` }),
    () => ({ path: `/api/cart/${300 + int(90)}`, ...json({ sku: 'tea-menthe' }) }),
    () => ({ path: `/api/cart/${300 + int(90)}`, method: pick(['GET', 'DELETE', 'OPTIONS']) }),
    () => (random() < 0.25 ? { path: '/v0/catalog?lang=fr%2DFR' } : { path: `/api/orders/${orderId()}` }),
  ]);
  at(anyTime(), EDGE, { ...who, host, ref: host.startsWith('m.') ? `https://${host}/` : '', ...call() });
}

// What happens on any day: probes, scanners, broken clients, someone guessing a password.
for (let t = 0.4; t < SECONDS; t += 1) at(t, WEB, { path: '/health', ua: 'curl/8.5.0' });
for (let t = 0.9; t < SECONDS; t += 3) at(t, WEB, { path: '/health', ip: '198.51.100.5', ua: 'ELB-HealthChecker/2.0' });
for (let i = 0; i < 60; i++)
  at(anyTime(), WEB, {
    ip: '203.0.113.200',
    ua: pick(['Mozilla/5.0 (compatible; ExampleBot/1.0; +https://bot.example.org/)', 'Go-http-client/1.1', '']),
    path: pick(MISSING),
    method: pick(['GET', 'GET', 'HEAD']),
  });
for (let i = 0; i < 6; i++) at(anyTime(), WEB, { ip: '198.51.100.77', ua: 'Go-http-client/1.1', path: DENIED[i % 3] });
for (let i = 0; i < 9; i++)
  at(SECONDS * 0.6 + i * 0.09, WEB, {
    ip: '203.0.113.66',
    ua: 'python-requests/2.32.3',
    path: '/api/login',
    ...json({ user: 'anna@example.com', password: `guess-${i}` }),
  });
for (let i = 0; i < 12; i++)
  at(anyTime(), WEB, {
    ...pick(VISITORS),
    path: '/api/login',
    ref: `${SITE}/account`,
    ...json({ user: `user${i}@example.com`, password: 'open-sesame' }),
  });
for (let i = 0; i < 3; i++)
  at(SECONDS * (0.15 + i * 0.27), WEB, {
    ...pick(VISITORS),
    path: `/api/orders/export?year=202${i + 3}`,
    ref: `${SITE}/account`,
  });
for (let i = 0; i < 6; i++)
  at(anyTime(), WEB, {
    ...pick(VISITORS),
    path: '/api/orders/export?year=2026',
    ref: `${SITE}/account`,
    giveUp: 400 + i * 150,
  });
for (let i = 0; i < 3; i++)
  at(anyTime(), EDGE, {
    ...pick(DEVICES),
    host: 'api.shop.example.com',
    path: '/api/orders/export?year=2026',
    giveUp: 700,
  });
for (let i = 0; i < 3; i++)
  at(anyTime(), WEB, { ip: '198.51.100.20', ua: BROWSERS[1], path: '/account', auth: 'anna:secret' });
for (let i = 0; i < 2; i++)
  at(anyTime(), WEB, { ...pick(VISITORS), path: '/api/orders', method: 'POST', body: 'x'.repeat(40000) });
at(anyTime(), WEB, { ...pick(VISITORS), path: '/api/cart/import', method: 'POST', body: 'x'.repeat(2_000_000) });
for (const [share, target] of [
  [0.2, WEB],
  [0.5, EDGE],
  [0.7, WEB],
])
  at(SECONDS * share, target, { raw: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n' });
at(SECONDS * 0.8, WEB, { raw: 'GET /index.php?s=/../../ HTTP/9.9\r\n\r\n' });

const planned = (target) => plan.filter((r) => r.target === target).length;
while (planned(WEB) < WEB.count) visit();
while (planned(EDGE) < EDGE.count) appCall();

const agent = new http.Agent({ keepAlive: true });
const etags = new Map();
const utf8 = (text) => Buffer.from(text, 'utf8').toString('latin1');

function send({
  target,
  raw,
  host = 'www.shop.example.com',
  method = 'GET',
  path,
  ip,
  ua,
  ref,
  body,
  cached,
  auth,
  giveUp,
}) {
  return new Promise((done) => {
    if (raw) {
      const socket = net.connect(target.port, '127.0.0.1', () => socket.write(raw, 'latin1'));
      socket.on('close', done).on('error', done).resume();
      return;
    }
    const headers = { host };
    if (ip) headers['x-forwarded-for'] = ip;
    if (ua) headers['user-agent'] = utf8(ua);
    if (ref) headers.referer = ref;
    if (body) Object.assign(headers, { 'content-type': 'application/json', 'content-length': body.length });
    if (cached && etags.has(path)) headers['if-none-match'] = etags.get(path);
    const request = http.request(
      { host: '127.0.0.1', port: target.port, method, path, headers, agent, auth },
      (response) => {
        if (response.headers.etag) etags.set(path, response.headers.etag);
        response.on('close', done).resume();
      },
    );
    request.on('error', done);
    if (giveUp) setTimeout(() => request.destroy(), giveUp);
    request.end(body && Buffer.from(body)); // a string would be merged with the headers, as UTF-8
  });
}

const start = Date.now();
plan.sort((a, b) => a.t - b.t);
await Promise.all(
  plan.map(async (request) => {
    await new Promise((go) => setTimeout(go, start + request.t * 1000 - Date.now()));
    await send(request);
  }),
);
agent.destroy();
