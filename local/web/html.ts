/**
 * The console's pages have no script and load nothing, and so nothing that is shown in them can. Their forms post to the
 * console alone, and no other page can frame them and lead a click astray.
 */
export const pagePolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/**
 * What is stored can be looked at in a browser, but its scripts don't run: a page that somebody stored as an object would
 * be one of this very port, which may do everything.
 */
export const storedPolicy = 'sandbox';
