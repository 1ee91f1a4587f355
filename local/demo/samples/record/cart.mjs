// The cart and sign-in service: winston JSON, behind nginx.
import http from 'node:http';
import winston from 'winston';

const { combine, errors, json, timestamp } = winston.format;
const log = winston.createLogger({
  level: 'debug',
  defaultMeta: { service: 'cart' },
  format: combine(errors({ stack: true }), timestamp(), json()),
  transports: [new winston.transports.Console()],
});
const skus = ['tea-earl-grey', 'tea-menthe', 'mug-blue', 'kettle-1l', 'honey-250g'];
let adds = 0;

function applyCoupon(cart) {
  const coupon = cart.coupons.find((c) => c.code === 'SPRING');
  return cart.total * (1 - coupon.percent / 100);
}

function addItem(id, requestId) {
  const n = ++adds;
  const sku = skus[n % skus.length];
  if (n % 16 === 5) {
    try {
      applyCoupon({ total: 42, coupons: [] });
    } catch (err) {
      log.error('coupon not applied', { cart: id, requestId, stack: err.stack });
    }
  }
  if (n % 11 === 7) {
    log.error(new Error(`cart ${id}: price of ${sku} changed while adding`), { requestId });
    return [409, { error: 'price changed' }];
  }
  if (n % 2 === 0) log.debug('stock checked', { sku, left: 3 + (n % 30), requestId });
  if (n % 9 === 0) log.warn('cart is getting large', { cart: id, items: 40 + n, requestId });
  log.info('item added', { cart: id, sku, qty: 1 + (n % 3), requestId });
  return [200, { id, items: n }];
}

function login(body, requestId) {
  const { user, password } = JSON.parse(body);
  if (password === 'open-sesame') {
    log.info('signed in', { user, requestId });
    return [200, { user }];
  }
  log.warn('sign-in refused', { user, reason: 'wrong password', requestId });
  return [401, { error: 'wrong password' }];
}

function answer(req, body, requestId) {
  const [, , kind, id] = req.url.split(/[/?]/);
  if (kind === 'login') return login(body, requestId);
  if (req.method === 'OPTIONS') return [204];
  if (req.method === 'POST') return addItem(id, requestId);
  if (req.method === 'DELETE') {
    log.info('cart emptied', { cart: id, requestId });
    return [204];
  }
  log.debug('cart read', { cart: id, requestId });
  return [200, { id, items: [] }];
}

const server = http.createServer(async (req, res) => {
  let body = '';
  for await (const chunk of req) body += chunk;
  const [status, reply] = answer(req, body, req.headers['x-request-id']);
  res.writeHead(status, { 'content-type': 'application/json' }).end(reply && JSON.stringify(reply));
});

process.on('SIGTERM', () => {
  log.info('cart is closing', { adds });
  server.close();
  server.closeAllConnections();
  clearInterval(sweep);
});
const sweep = setInterval(() => log.info('expired carts removed', { removed: adds % 7, kept: 200 + adds }), 5000);
server.listen(4102, '127.0.0.1', () => log.info('cart is listening', { port: 4102 }));
