const longest = 1_000;

/**
 * The same path as a browser reads it, where it leads to our own pages, and nowhere else; undefined where it does not. Judged behind the browser's own reading: `/.//example.com`
 * is a path, and becomes `//example.com`, which is another host.
 */
export function ownPath(to: string, origin: string): string | undefined {
  // Browsers read a backslash as a slash, and take tabs and line breaks out.
  if (to.length > longest || !to.startsWith('/') || /[\\\p{Cc}]/u.test(to) || !to.isWellFormed()) return undefined;
  const url = URL.parse(to, origin);
  if (!url || url.origin !== origin || url.pathname.startsWith('//') || isOfLogin.test(url.pathname)) return undefined;
  const path = url.pathname + url.search + url.hash;
  return path.length > longest ? undefined : path;
}

/** There it would begin again, and again. */
const isOfLogin = /^\/auth(\/|$)/;
