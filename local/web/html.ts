/** The console's pages have no script and load nothing, and so nothing that is shown in them can. */
export const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** Text as content or as an attribute's value. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
