// The order service: pino, behind nginx. `node orders.mjs SECONDS` crashes after that many seconds.
import http from 'node:http';
import pino from 'pino';

const log = pino({ level: 'debug', base: { pid: process.pid, hostname: process.env.HOSTNAME, service: 'orders' } });
const skus = ['tea-earl-grey', 'tea-menthe', 'mug-blue', 'kettle-1l', 'honey-250g', 'café-crème'];
const first = Date.now() % 1000;
let served = 0;
let placed = 0;

const item = (n) => ({ sku: skus[n % skus.length], qty: 1 + (n % 3), price: 4.5 + (n % 7) });
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function parseStored(id) {
  return JSON.parse(id % 2 ? `{"id":${id},"items":[` : `{id:${id}}`);
}

function load(id) {
  try {
    return parseStored(id);
  } catch (cause) {
    throw new Error(`cannot read order ${id}`, { cause });
  }
}

async function getOrder(id, req) {
  if (id % 19 === 0) return [404, { error: 'no such order' }];
  if (id % 53 === 0) {
    req.log.warn(
      { orderId: id, lock: { name: 'stock', waitedMs: 250 } },
      'stock lock busy, asking the client to retry',
    );
    return [503, { error: 'try again' }];
  }
  if (id % 31 === 0) load(id);
  if (id % 3 === 0) req.log.debug({ orderId: id, cache: { hit: false, ttl: 60 } }, 'order cache miss');
  if (id % 23 === 0) {
    await sleep(300 + (id % 5) * 90);
    req.log.warn({ orderId: id, db: { table: 'order_items', ms: 290 + (id % 5) * 90 } }, 'slow query');
  }
  return [200, { id, state: 'shipped', items: [item(id), item(id + 1)] }];
}

async function placeOrder(body, req) {
  const n = ++placed;
  const id = 52000 + first + served;
  const items = Array.from({ length: 1 + (n % 3) }, (_, i) => item(n + i));
  const total = items.reduce((sum, i) => sum + i.qty * i.price, 0);
  if (n % 13 === 4) {
    const customer = { email: `jane.doe${n}@example.com`, password: 'correct-horse-9' };
    req.log.debug(
      { payload: { customer, card: { number: '4111 1111 1111 1111', cvc: '123' }, bytes: body } },
      'raw order payload',
    );
  }
  if (n % 13 === 8) {
    const headers = {
      authorization: 'Bearer eyJhbGciOiJIUzI1NiJ9.e30.made-up-signature',
      'content-type': 'application/json',
    };
    req.log.debug(
      { call: { method: 'POST', url: 'https://pay.example.com/v2/charges', headers } },
      'calling the payment provider',
    );
  }
  if (n % 17 === 0) {
    const err = Object.assign(new Error(`charge refused for order ${id}`), { code: 'card_declined', orderId: id });
    req.log.error({ err, orderId: id }, 'order not placed');
    return [402, { error: 'card declined' }];
  }
  await sleep(15 + (n % 9) * 6);
  req.log.info(
    {
      order: { id, total, currency: 'EUR', items },
      customer: { id: 900 + (n % 80), country: ['FR', 'DE', 'PT'][n % 3] },
    },
    'order placed',
  );
  if (n % 4 === 0)
    req.log.info(
      { orderId: id, mail: { to: `kunde.${n}@example.com`, template: 'order-confirmed' } },
      'confirmation mail queued',
    );
  if (n % 6 === 0) req.log.warn({ sku: items[0].sku, left: n % 5 }, 'stock low');
  return [201, { id }];
}

async function answer(req, body) {
  const [, , , id] = req.url.split(/[/?]/);
  if (req.method === 'OPTIONS') return [204];
  if (id === 'export') {
    await sleep(3000);
    return [200, Array.from({ length: 500 }, (_, n) => item(n))];
  }
  return req.method === 'POST' ? placeOrder(body, req) : getOrder(Number(id) || 1, req);
}

const server = http.createServer(async (req, res) => {
  const start = performance.now();
  let body = 0;
  req.log = log.child({ reqId: req.headers['x-request-id'] });
  for await (const chunk of req) body += chunk.length;
  served++;
  let status = 500;
  let reply = { error: 'internal error' };
  try {
    [status, reply] = await answer(req, body);
  } catch (err) {
    req.log.error({ err, req: { method: req.method, url: req.url } }, 'request failed');
  }
  res.writeHead(status, { 'content-type': 'application/json' }).end(reply && JSON.stringify(reply));
  const ms = Math.round((performance.now() - start) * 10) / 10;
  req.log.info({ req: { method: req.method, url: req.url }, res: { status }, ms }, 'request completed');
});

function reapConnections(pool) {
  const oldest = pool.idle.sort((a, b) => a.since - b.since)[0];
  oldest.close();
}

process.on('uncaughtException', (err) => {
  log.fatal({ err }, 'uncaught exception');
  log.fatal({ uptime: Math.round(process.uptime()), served }, 'orders is going down');
  process.exit(1);
});
process.on('SIGTERM', () => {
  log.info({ served }, 'SIGTERM received, closing');
  process.exit(0);
});

server.listen(4101, '127.0.0.1', () => log.info({ port: 4101, node: process.version }, 'orders is listening'));
const crashAfter = Number(process.argv[2]);
if (crashAfter) setTimeout(() => reapConnections({ idle: [] }), crashAfter * 1000);
