/**
 * One policy for everything; `hashes` are those of a prerendered page's own inline scripts.
 * Only the QA build may be framed, by itself: the phone stands beside the PC there. Development loads code as text.
 * @param {{ qa: boolean, development?: boolean, hashes?: string[] }} options
 */
export function contentSecurityPolicy({ qa, development = false, hashes = [] }) {
  const scripts = development ? ["'unsafe-eval'", "'unsafe-inline'"] : hashes.map((hash) => `'${hash}'`);
  const frames = qa ? "'self'" : "'none'";
  return [
    "default-src 'self'",
    ["script-src 'self'", ...scripts].join(" "),
    development ? "style-src 'self' 'unsafe-inline'" : "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self' blob:",
    "worker-src 'self'",
    "manifest-src 'self'",
    `frame-src ${frames}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frames}`,
  ].join("; ");
}
