import { createHash } from 'node:crypto';

/** Somebody whom one may be. */
export interface Offered {
  name: string;
  /** What they may, in a sentence. */
  may: string;
}

const style = `
:root { color-scheme: light dark; --paper: light-dark(#f6f5f2, #0f1012); --surface: light-dark(#fff, #16181b);
  --line: light-dark(#c6c2b9, #41454c); --ink: light-dark(#191815, #edece8); --ink-2: light-dark(#514d46, #b4b2ac);
  --focus: light-dark(#1d57b0, #82b4ff); }
body { margin: 0; background: var(--paper); color: var(--ink); font: 0.875rem/1.25rem system-ui, sans-serif; }
main { max-width: 28rem; margin: 0 auto; padding: 3rem 1.5rem; }
h1 { font-size: 1.5rem; line-height: 2rem; font-weight: 600; margin: 0 0 0.5rem; }
p, small { color: var(--ink-2); }
ul { list-style: none; margin: 1.5rem 0; padding: 0; display: grid; gap: 0.5rem; }
a { display: block; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 6px; background: var(--surface);
  color: var(--ink); text-decoration: none; }
a:hover { border-color: var(--ink); }
a:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
b { display: block; font-weight: 600; }
`;

const hashOfStyle = createHash('sha256').update(style).digest('base64');

/** Nothing of it comes from elsewhere, and it is in no other page's frame. */
export const whoPageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${hashOfStyle}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/** `asked`: how Slipway asks, which goes on with whoever was chosen. */
export function whoPage(asked: URLSearchParams, people: readonly Offered[]): string {
  const choices = people.map(({ name, may }) => {
    const chosen = new URLSearchParams(asked);
    chosen.set('as', name);
    return `<li><a href="/authorize?${escaped(chosen.toString())}"><b>${escaped(name)}</b> <small>${escaped(may)}</small></a></li>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Who are you? · Slipway's lab</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Who are you?</h1>
<p>This is the identity provider of Slipway's lab, on this machine. It asks for no password: whoever uses this machine may be any of these.</p>
<ul>
${choices.join('\n')}
</ul>
<p>An installation has your company's own in its place.</p>
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}
